//! What a subscription costs from a day on, and how a cycle's price is spread over its days.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Cycle, TooLarge};
use crate::decimal::Decimal;

/// A version of a subscription's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The first day that they hold on.
    pub effective: Date,
    /// How many seats are paid for.
    pub seats: u32,
    /// The list price of one seat for one cycle.
    pub price: Decimal,
    /// How often it is billed.
    pub cycle: Cycle,
    /// What is taken off a cycle's price.
    #[serde(default)]
    pub discount: Discount,
}

/// What is taken off the price of each cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// Nothing.
    #[default]
    None,
    /// Hundredths of the price, 0 to 100.
    Percent(Decimal),
    /// An amount, at most the price.
    Amount(Decimal),
}

/// Prices have at most so many decimals and percentages so many: a discounted price then has at
/// most 16, so that no discount is ever rounded.
pub(super) const PRICE_DECIMALS: u32 = 10;
pub(super) const PERCENT_DECIMALS: u32 = 4;

impl Terms {
    /// The price of a cycle before any discount.
    ///
    /// # Errors
    ///
    /// [`TooLarge`].
    pub fn list(&self) -> Result<Decimal, TooLarge> {
        self.price.checked_times(self.seats.into()).ok_or(TooLarge)
    }

    /// The price of a cycle, as it is billed.
    ///
    /// # Errors
    ///
    /// [`TooLarge`].
    pub fn net(&self) -> Result<Decimal, TooLarge> {
        let list = self.list()?;
        let hundred = Decimal::from_whole(100);
        match self.discount {
            Discount::None => Some(list),
            Discount::Amount(amount) => list.checked_sub(amount),
            Discount::Percent(percent) => hundred
                .checked_sub(percent)
                .and_then(|left| list.checked_mul(left))
                .and_then(|left| left.checked_div(hundred)),
        }
        .ok_or(TooLarge)
    }
}

/// A price spread over the days of a cycle: the same each day, cut after the 18th decimal; the last
/// day takes what is left, so that the days add up to the price exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    price: Decimal,
    share: Decimal,
    days: u32,
}

impl Spread {
    /// Over a number of days.
    #[must_use]
    pub fn new(price: Decimal, days: u32) -> Self {
        Self { price, share: price.share(days), days }
    }

    /// The share of a day, counted from 0.
    #[must_use]
    pub fn on(&self, day: u32) -> Decimal {
        if day + 1 == self.days { self.from(day) } else { self.share }
    }

    /// The shares of a day and all after it.
    #[must_use]
    pub fn from(&self, day: u32) -> Decimal {
        // So many shares are never more than the price.
        let before = self.share.checked_times(day.into()).unwrap_or_default();
        let left = self.price.checked_sub(before).unwrap_or_default();
        if day < self.days { left } else { Decimal::ZERO }
    }
}
