//! The four costs of FOCUS, and which column is meant.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which of the four costs of a charge is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Cost {
    /// What is on the invoice (`BilledCost`).
    #[default]
    Billed,
    /// With commitments spread over what they are for (`EffectiveCost`).
    Effective,
    /// At public prices (`ListCost`).
    List,
    /// At negotiated prices (`ContractedCost`).
    Contracted,
}

impl Cost {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Billed, Self::Effective, Self::List, Self::Contracted];

    /// The cost that a request names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cost| cost.as_str() == name)
    }

    /// As requests and answers write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Billed => "billed",
            Self::Effective => "effective",
            Self::List => "list",
            Self::Contracted => "contracted",
        }
    }

    /// Its FOCUS column, in the rows and in the daily sums.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::Billed => "BilledCost",
            Self::Effective => "EffectiveCost",
            Self::List => "ListCost",
            Self::Contracted => "ContractedCost",
        }
    }

    /// The column of the daily sums that counts the rows without this cost.
    #[must_use]
    pub fn lacking(self) -> &'static str {
        match self {
            Self::Billed => "x_rows_without_billed_cost",
            Self::Effective => "x_rows_without_effective_cost",
            Self::List => "x_rows_without_list_cost",
            Self::Contracted => "x_rows_without_contracted_cost",
        }
    }
}
