//! The prices of a model that hold together, ready for arithmetic.

use super::{
    Missing, Tier, TokenKind, Usage,
    usage::KINDS,
    written::{PriceRow, Rows},
};
use crate::decimal::Decimal;

/// The most decimals that a price of a million tokens has.
pub const DECIMALS: u32 = 12;
const MILLION: i128 = 1_000_000;

/// The prices of one tier for prompts above a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Prompts of more tokens than that.
    pub above: u64,
    /// The price of one token of each kind, in units of 10⁻¹⁸.
    prices: [Option<i128>; KINDS],
}

/// The prices of a model by tier and length of prompts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// ISO 4217.
    pub currency: String,
    tiers: [Vec<Step>; Tier::ALL.len()],
}

impl Sheet {
    /// Of rows that were checked. Where a longer prompt has no price of its own for some tokens, the
    /// price of the shorter one holds.
    #[must_use]
    pub fn new(currency: &str, rows: &Rows) -> Self {
        let mut tiers: [Vec<Step>; Tier::ALL.len()] = Default::default();
        let mut sorted: Vec<&PriceRow> = rows.iter().collect();
        sorted.sort_by_key(|row| row.above);
        for row in sorted {
            let steps = &mut tiers[row.tier as usize];
            let mut prices = steps.last().map_or([None; KINDS], |step| step.prices);
            for (kind, price) in row.prices() {
                prices[kind as usize] = Some(price.scaled() / MILLION);
            }
            steps.push(Step { above: row.above, prices });
        }
        Self { currency: currency.to_owned(), tiers }
    }

    /// What usage costs, whatever its day.
    ///
    /// # Errors
    ///
    /// Says which price is missing.
    pub fn price(&self, usage: &Usage<'_>) -> Result<Decimal, Missing> {
        let steps = &self.tiers[usage.tier as usize];
        let step = steps.iter().rfind(|step| step.above == 0 || usage.context > step.above);
        let step = step.ok_or(Missing::Tier(usage.tier))?;
        let mut sum = 0_i128;
        for (at, tokens) in usage.tokens.iter().enumerate() {
            if *tokens != 0 {
                let price = step.prices[at].ok_or(Missing::Kind(TokenKind::ALL[at]))?;
                let amount = price.checked_mul(i128::from(*tokens));
                sum = amount.and_then(|it| sum.checked_add(it)).ok_or(Missing::TooLarge)?;
            }
        }
        Decimal::from_scaled(sum).ok_or(Missing::TooLarge)
    }
}
