//! One cycle of a subscription: what is billed in it, and what each of its days costs.

use std::ops::Range;

use jiff::civil::Date;

use super::{Agreement, Charge, Kind, Spread, Terms, TooLarge};
use crate::decimal::Decimal;

/// One cycle.
pub(super) struct Period<'a> {
    agreement: &'a Agreement<'a>,
    /// All of its days.
    cycle: Range<Date>,
    /// Its days before it is cut: by the end of the subscription, or by another cycle.
    used: Range<Date>,
    /// Whether another cycle cuts it.
    gives_back: bool,
}

/// The prices of a cycle by some terms, over its days.
#[derive(Clone, Copy)]
struct Prices {
    net: Spread,
    list: Spread,
}

impl<'a> Period<'a> {
    pub(super) fn new(
        agreement: &'a Agreement<'a>,
        cycle: Range<Date>,
        until: Option<Date>,
    ) -> Self {
        let ended = agreement.end.map_or(Date::MAX, |end| end.tomorrow().unwrap_or(end));
        let until = until.unwrap_or(Date::MAX);
        let used = cycle.start..cycle.end.min(ended).min(until);
        let gives_back = until < cycle.end && until < ended;
        Self { agreement, cycle, used, gives_back }
    }

    /// The bill, what changes add to it or take off, and a line for each day.
    ///
    /// Changes within a cycle are billed for its rest. A subscription that ends within a cycle gets
    /// nothing back: its last day takes what is left. One that goes over to another cycle gets the
    /// rest of the old one back, on the day on which the new one is billed.
    pub(super) fn charges(&self, charges: &mut Vec<Charge>) -> Result<(), TooLarge> {
        let mut at = self.agreement.at(self.cycle.start);
        let mut prices = self.prices(at)?;
        charges.push(self.bill(self.cycle.start, at, prices.net.from(0)));
        let days = days_between(&self.used);
        for day in 0..days {
            let date = self.date(day);
            let now = self.agreement.at(date);
            if now != at {
                let changed = self.prices(now)?;
                let more = changed.net.from(day).checked_sub(prices.net.from(day));
                let more = more.ok_or(TooLarge)?;
                if more != Decimal::ZERO {
                    charges.push(self.bill(date, now, more));
                }
                (at, prices) = (now, changed);
            }
            let last = day + 1 == days && !self.gives_back;
            charges.push(self.day(day, at, &prices, last));
        }
        let back = prices.net.from(days);
        if self.gives_back && back != Decimal::ZERO {
            charges.push(self.bill(self.used.end, at, back.negated()));
        }
        Ok(())
    }

    fn bill(&self, date: Date, terms: usize, billed: Decimal) -> Charge {
        Charge {
            kind: if billed < Decimal::ZERO { Kind::Credit } else { Kind::Bill },
            days: date..self.cycle.end,
            billed,
            effective: Decimal::ZERO,
            list: Decimal::ZERO,
            seats: self.terms(terms).seats,
            terms,
        }
    }

    fn day(&self, day: u32, terms: usize, prices: &Prices, last: bool) -> Charge {
        let share = |of: &Spread| if last { of.from(day) } else { of.on(day) };
        Charge {
            kind: Kind::Day,
            days: self.date(day)..self.date(day + 1),
            billed: Decimal::ZERO,
            effective: share(&prices.net),
            list: share(&prices.list),
            seats: self.terms(terms).seats,
            terms,
        }
    }

    fn prices(&self, terms: usize) -> Result<Prices, TooLarge> {
        let (terms, days) = (self.terms(terms), days_between(&self.cycle));
        let spread = |price| Spread::new(price, days);
        Ok(Prices { net: spread(terms.net()?), list: spread(terms.list()?) })
    }

    fn terms(&self, at: usize) -> &'a Terms {
        &self.agreement.terms[at]
    }

    fn date(&self, day: u32) -> Date {
        self.cycle.start.saturating_add(jiff::Span::new().days(day))
    }
}

fn days_between(days: &Range<Date>) -> u32 {
    u32::try_from((days.end - days.start).get_days()).unwrap_or_default()
}
