//! The terms of a subscription over time, and all of its lines.

use std::ops::Range;

use jiff::civil::Date;

use super::{Charge, Discount, Terms, TooLarge, period::Period, terms};
use crate::decimal::Decimal;

/// The most versions that a subscription may have.
const MOST_VERSIONS: usize = 200;

/// When a subscription holds, and on which terms.
#[derive(Debug, Clone, Copy)]
pub struct Agreement<'a> {
    /// The first day.
    pub start: Date,
    /// The last day of a trial that costs nothing.
    pub trial_end: Option<Date>,
    /// The last day.
    pub end: Option<Date>,
    /// Its terms by effective date; the first hold from `start` on.
    pub terms: &'a [Terms],
}

/// What is wrong with an agreement: the field and a sentence.
pub type Mistake = (&'static str, String);

/// A time within which the cycle is the same, so that each begins where the one before ended.
struct Phase {
    anchor: Date,
    first: usize,
    /// The first day of another cycle.
    until: Option<Date>,
}

impl Agreement<'_> {
    /// The first day that is paid for.
    #[must_use]
    pub fn paid_from(&self) -> Date {
        let after = |end: Date| end.tomorrow().unwrap_or(end);
        self.trial_end.map_or(self.start, |end| after(end).max(self.start))
    }

    /// Which terms hold on a day.
    #[must_use]
    pub fn at(&self, day: Date) -> usize {
        self.terms.partition_point(|terms| terms.effective <= day).saturating_sub(1)
    }

    /// The first day of the cycle after the one that `day` is in: when it renews. `None` where it
    /// ends before.
    #[must_use]
    pub fn renews_after(&self, day: Date) -> Option<Date> {
        let day = day.max(self.paid_from());
        let phase = self.phases().into_iter().rfind(|phase| phase.anchor <= day)?;
        let cycle = self.terms.get(phase.first)?.cycle;
        let next = cycle.start(phase.anchor, cycle.index(phase.anchor, day)? + 1);
        let next = phase.until.map_or(next, |until| until.min(next));
        self.end.is_none_or(|end| next <= end).then_some(next)
    }

    /// Every line that is dated within the days, the last not included, in the order of dates.
    ///
    /// # Errors
    ///
    /// [`TooLarge`].
    pub fn charges(&self, window: &Range<Date>) -> Result<Vec<Charge>, TooLarge> {
        let mut charges = Vec::new();
        for phase in self.phases() {
            self.of_phase(&phase, window, &mut charges)?;
        }
        charges.retain(|charge| window.contains(&charge.date()));
        charges.sort_by_key(|charge| (charge.date(), charge.kind, charge.terms));
        Ok(charges)
    }

    fn of_phase(
        &self,
        phase: &Phase,
        window: &Range<Date>,
        charges: &mut Vec<Charge>,
    ) -> Result<(), TooLarge> {
        let Some(first) = self.terms.get(phase.first) else { return Ok(()) };
        // What a cycle that was cut gives back is dated on the day after it.
        let from = window.start.yesterday().unwrap_or(window.start).max(phase.anchor);
        let Some(mut n) = first.cycle.index(phase.anchor, from) else { return Ok(()) };
        loop {
            let start = first.cycle.start(phase.anchor, n);
            let cycle = start..first.cycle.start(phase.anchor, n + 1);
            let over = phase.until.is_some_and(|until| start >= until)
                || self.end.is_some_and(|end| start > end);
            if over || start >= window.end || cycle.is_empty() {
                return Ok(());
            }
            Period::new(self, cycle, phase.until).charges(charges)?;
            n += 1;
        }
    }

    fn phases(&self) -> Vec<Phase> {
        let paid_from = self.paid_from();
        let mut first = self.at(paid_from);
        let mut anchor = paid_from;
        let mut phases = Vec::new();
        for (at, terms) in self.terms.iter().enumerate().skip(first + 1) {
            if self.terms[first].cycle != terms.cycle {
                phases.push(Phase { anchor, first, until: Some(terms.effective) });
                (anchor, first) = (terms.effective, at);
            }
        }
        phases.push(Phase { anchor, first, until: None });
        phases
    }

    /// Everything that is wrong with it.
    #[must_use]
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut found: Vec<Mistake> = self.terms.iter().flat_map(of_terms).collect();
        let mut say = |field, message: &str| found.push((field, message.to_owned()));
        if self.end.is_some_and(|end| end < self.start) {
            say("end_date", "the last day is not before the first");
        }
        if self.trial_end.is_some_and(|end| end < self.start) {
            say("trial_end_date", "the trial's last day is not before the first day");
        }
        if self.terms.first().is_none_or(|first| first.effective != self.start) {
            say("effective_date", "the first terms hold from the first day on");
        }
        if self.terms.windows(2).any(|two| two[0].effective >= two[1].effective) {
            say("effective_date", "each version has a day of its own");
        }
        let last = self.terms.last().map(|terms| terms.effective);
        if last.zip(self.end).is_some_and(|(last, end)| last > end) {
            say("effective_date", "no version begins after the last day");
        }
        if self.terms.len() > MOST_VERSIONS {
            say("", "a subscription has at most 200 versions; begin a new one");
        }
        found
    }
}

fn of_terms(terms: &Terms) -> Vec<Mistake> {
    let mut found = Vec::new();
    let mut say = |field, message: &str| found.push((field, message.to_owned()));
    if terms.price < Decimal::ZERO || terms.price.decimals() > terms::PRICE_DECIMALS {
        say("price", "a price is not negative and has at most 10 decimals");
    }
    if terms.seats == 0 {
        say("seats", "there is at least one seat");
    }
    let percent_fits = |percent: Decimal| {
        percent >= Decimal::ZERO
            && percent <= Decimal::from_whole(100)
            && percent.decimals() <= terms::PERCENT_DECIMALS
    };
    match (terms.discount, terms.list()) {
        (_, Err(TooLarge)) => say("price", "seats times price has too many digits"),
        (Discount::Percent(percent), _) if !percent_fits(percent) => {
            say("discount_percent", "a percentage is 0 to 100 with at most 4 decimals");
        }
        (Discount::Percent(_), Ok(_)) if terms.net().is_err() => {
            say("price", "seats times price has too many digits");
        }
        (Discount::Amount(amount), Ok(list)) if amount < Decimal::ZERO || amount > list => {
            say("discount_amount", "a discount is not negative and not more than the price");
        }
        (Discount::Amount(amount), _) if amount.decimals() > terms::PRICE_DECIMALS => {
            say("discount_amount", "a discount has at most 10 decimals");
        }
        _ => {}
    }
    found
}
