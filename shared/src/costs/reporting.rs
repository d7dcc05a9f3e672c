//! Costs of all currencies in one: each billing month's by the rate that is frozen for it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Sum;
use crate::{
    decimal::Decimal,
    rates::{Rate, Rates},
};

/// The total of a range in the organization's reporting currency. Costs keep the currency that they
/// are billed in; this is beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reporting {
    /// The organization's currency.
    pub currency: String,
    /// The total; null where a part has no rate or nothing has the cost: nothing is left out in
    /// silence.
    #[schema(value_type = Option<String>)]
    pub amount: Option<Decimal>,
    /// The rates that were used.
    pub rates: Vec<Rate>,
    /// The parts that have no rate.
    pub missing: Vec<MissingRate>,
}

/// Costs that no rate is known for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct MissingRate {
    /// Their currency.
    pub currency: String,
    /// The first day of their billing month.
    #[schema(value_type = String, format = Date)]
    pub month: Date,
}

/// Sums of billing months in the currencies that they are billed in.
#[derive(Debug, Default)]
pub(super) struct Months(BTreeMap<(String, Date), Sum>);

impl Months {
    pub(super) fn add(&mut self, currency: &str, month: Date, sum: Sum) -> anyhow::Result<()> {
        self.0.entry((currency.to_owned(), month)).or_default().add(sum)
    }

    /// All of them in one currency.
    ///
    /// # Errors
    ///
    /// Fails where the total has more digits than an amount can have.
    pub(super) fn in_currency(&self, to: &str, rates: &Rates) -> anyhow::Result<Reporting> {
        let (mut total, mut used) = (None::<Decimal>, BTreeSet::new());
        let mut missing = Vec::new();
        for ((currency, month), sum) in &self.0 {
            let Some(amount) = sum.amount else { continue };
            let converted = if currency == to {
                Some(amount)
            } else {
                let rate = rates.rate(*month, currency, to);
                let converted = rate.as_ref().map(|it| amount.checked_mul(it.rate));
                used.extend(rate);
                converted.map(|it| it.context("an amount has too many digits")).transpose()?
            };
            match converted {
                None => missing.push(MissingRate { currency: currency.clone(), month: *month }),
                Some(more) => {
                    let sum = total.unwrap_or_default().checked_add(more);
                    total = Some(sum.context("a total has too many digits")?);
                }
            }
        }
        Ok(Reporting {
            currency: to.to_owned(),
            amount: total.filter(|_| missing.is_empty()),
            rates: used.into_iter().collect(),
            missing,
        })
    }
}
