//! What a run uses of its organization's limits.

use std::time::Duration;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

use crate::{
    Error,
    entities::{Counters, Limits, Organization},
};

/// The limit that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Runs at the same time.
    Concurrent(u32),
    /// Runs of a day.
    Day(u32),
    /// Runs of a month.
    Month(u32),
}

/// Takes a slot and counts the run on `today`. The same run again changes nothing.
///
/// # Errors
///
/// The limit that is reached; then nothing changed.
pub fn reserve(
    counters: &mut Counters,
    limits: &Limits,
    today: Date,
    run_id: Uuid,
) -> Result<(), Over> {
    if counters.slots.contains(&run_id) {
        return Ok(());
    }
    counters.roll(today);
    if counters.month_runs >= limits.runs_per_month {
        return Err(Over::Month(limits.runs_per_month));
    }
    if counters.day_runs >= limits.runs_per_day {
        return Err(Over::Day(limits.runs_per_day));
    }
    if counters.slots.len() >= usize::try_from(limits.concurrent_runs).unwrap_or(usize::MAX) {
        return Err(Over::Concurrent(limits.concurrent_runs));
    }
    counters.slots.insert(run_id);
    counters.day_runs += 1;
    counters.month_runs += 1;
    Ok(())
}

/// Gives a slot back. A run that never began a step does not count; twice changes nothing.
pub fn release(counters: &mut Counters, run_id: Uuid, counted_on: Date, began: bool) {
    if !counters.slots.remove(&run_id) || began {
        return;
    }
    if counters.day == counted_on {
        counters.day_runs = counters.day_runs.saturating_sub(1);
    }
    if counters.month == counted_on.first_of_month() {
        counters.month_runs = counters.month_runs.saturating_sub(1);
    }
}

impl Over {
    /// When to come back, in the organization's timezone.
    #[must_use]
    pub fn retry_after(self, now: Timestamp, zone: &TimeZone) -> Duration {
        let until = |day: Result<Date, jiff::Error>| {
            let midnight = day.and_then(|day| day.to_zoned_datetime(zone.clone())).ok();
            let wait = midnight.map(|zoned| zoned.timestamp().duration_since(now));
            wait.and_then(|wait| Duration::try_from(wait).ok()).unwrap_or(Duration::from_hours(1))
        };
        let today = now.to_zoned_datetime(zone.clone()).date();
        match self {
            Self::Concurrent(_) => Duration::from_secs(30),
            Self::Day(_) => until(today.tomorrow()),
            Self::Month(_) => until(today.last_of_month().tomorrow()),
        }
    }

    /// As a refusal.
    #[must_use]
    pub fn refusal(self, now: Timestamp, zone: &TimeZone) -> Error {
        let message = match self {
            Self::Concurrent(limit) => format!(
                "your plan allows {limit} runs at the same time; wait until one ends, or change the plan"
            ),
            Self::Day(limit) => {
                format!(
                    "your plan allows {limit} runs a day; come back tomorrow, or change the plan"
                )
            }
            Self::Month(limit) => {
                format!(
                    "your plan allows {limit} runs a month; come back next month, or change the plan"
                )
            }
        };
        Error::TooMany { message, retry_after: self.retry_after(now, zone) }
    }
}

/// The timezone in which an organization's days begin.
#[must_use]
pub fn zone(organization: &Organization) -> TimeZone {
    TimeZone::get(&organization.timezone).unwrap_or(TimeZone::UTC)
}

/// The day it is for an organization.
#[must_use]
pub fn today(organization: &Organization, now: Timestamp) -> Date {
    now.to_zoned_datetime(zone(organization)).date()
}
