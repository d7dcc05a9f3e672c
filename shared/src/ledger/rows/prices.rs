//! What an organization says that models cost it: rows of its own dataset.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{LedgerRow, RowVersion};
use crate::decimal::Decimal;

/// Own prices of a model for a tier and a length of prompts, as they stood when the row was written: a
/// row of `llm_prices`.
#[derive(Debug, Clone, Serialize)]
pub struct LlmPrice {
    /// Whose model it is.
    pub provider: String,
    /// The model, as the provider calls it.
    pub model: String,
    /// The first day that the prices hold on.
    pub effective_from: Date,
    /// The last day, where one is agreed.
    pub effective_until: Option<Date>,
    /// ISO 4217.
    pub currency: String,
    /// How requests are served.
    pub tier: String,
    /// Holds for prompts of more tokens than that.
    pub above: u64,
    /// The price of 1,000,000 tokens of each kind that has one, each in a column of its name.
    #[serde(flatten)]
    pub prices: BTreeMap<&'static str, Decimal>,
    /// Whether they still stand.
    pub active: bool,
    /// When there first were own prices of the model; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for LlmPrice {
    const TABLE: &'static str = "llm_prices";
}
