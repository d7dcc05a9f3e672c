//! One line of a subscription.

use std::ops::Range;

use jiff::civil::Date;

use crate::decimal::Decimal;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What a cycle costs, or what more seats cost for its rest.
    Bill,
    /// What is given back for the rest of a cycle.
    Credit,
    /// What a day costs.
    Day,
}

/// One line of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What it is.
    pub kind: Kind,
    /// The days that it is for, the last not included. It is dated by the first.
    pub days: Range<Date>,
    /// What is billed: nothing on a [`Kind::Day`].
    pub billed: Decimal,
    /// What is used: nothing but on a [`Kind::Day`].
    pub effective: Decimal,
    /// What is used, before discounts.
    pub list: Decimal,
    /// How many seats it is for.
    pub seats: u32,
    /// Which terms it is by.
    pub terms: usize,
}

impl Charge {
    /// The day that it is dated.
    #[must_use]
    pub fn date(&self) -> Date {
        self.days.start
    }
}
