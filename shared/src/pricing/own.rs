//! Prices that an organization has agreed on: they stand over the shipped ones on their days.

use jiff::{ToSpan as _, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PriceRow, Rows};

/// An organization's own prices of a model, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnRow {
    /// The first day that they hold on.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day that they hold on; none where no end is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// ISO 4217.
    pub currency: String,
    /// The prices, for 1,000,000 tokens.
    pub prices: Rows,
}

/// All own prices of a model, by their first day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnPrices(pub Vec<OwnRow>);

/// Days between two own prices on which none of them holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    /// The first of them.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last of them.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

impl OwnRow {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

impl OwnPrices {
    /// The days between the first price and the last on which none holds.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let gap = |two: &[OwnRow]| {
            let from = two[0].until?.checked_add(1.day()).ok()?;
            let until = two[1].from.checked_sub(1.day()).ok()?;
            (from <= until).then_some(Gap { from, until })
        };
        self.0.windows(2).filter_map(gap).collect()
    }

    /// Everything that is wrong with them: the field and a sentence.
    #[must_use]
    pub fn mistakes(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (at, row) in self.0.iter().enumerate() {
            let mut say = |field: &str, message: String| {
                found.push((format!("periods[{at}].{field}"), message));
            };
            let short = PriceRow::without_short(&row.prices);
            for message in PriceRow::mistakes(&row.prices).into_iter().chain(short) {
                say("prices", message);
            }
            if iso_currency::Currency::from_code(&row.currency).is_none() {
                say(
                    "currency",
                    "a currency is a code of ISO 4217 in capitals, as in EUR".to_owned(),
                );
            }
            if row.until.is_some_and(|until| until < row.from) {
                say("until", "the last day is not before the first".to_owned());
            }
        }
        let overlap = |two: &[OwnRow]| two[0].until.is_none_or(|until| until >= two[1].from);
        if self.0.windows(2).any(overlap) {
            let message = "two prices hold on one day; end the first before the second begins";
            found.push(("periods".to_owned(), message.to_owned()));
        }
        found
    }
}
