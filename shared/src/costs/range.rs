//! Ranges of days, as requests give them and answers repeat them.

use jiff::{
    Timestamp, ToSpan as _, Unit,
    civil::{Date, DateDifference},
    tz::TimeZone,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The longest range: three years, one of them a leap year.
pub const MOST_DAYS: i32 = 1096;

/// Days in UTC, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayRange {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub start_date: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub end_date: Date,
    /// Always `UTC`: an organization's timezone decides only what "this month" is.
    pub days_in: &'static str,
}

impl DayRange {
    /// From the first day to the last, if that is a range.
    ///
    /// # Errors
    ///
    /// Says why it is none.
    pub fn new(start_date: Date, end_date: Date) -> Result<Self, String> {
        if end_date < start_date {
            return Err(format!("the range ends before it starts, on {start_date}"));
        }
        let range = Self { start_date, end_date, days_in: "UTC" };
        if range.days() > MOST_DAYS {
            return Err(format!("a range has at most {MOST_DAYS} days, this has {}", range.days()));
        }
        let sensible = 1900..=2999;
        if !sensible.contains(&start_date.year()) || !sensible.contains(&end_date.year()) {
            return Err("years are from 1900 to 2999".to_owned());
        }
        Ok(range)
    }

    /// The month that it is at `now` in a timezone, whole.
    #[must_use]
    pub fn month_of(now: Timestamp, timezone: &TimeZone) -> Self {
        let today = timezone.to_datetime(now).date();
        Self { start_date: today.first_of_month(), end_date: today.last_of_month(), days_in: "UTC" }
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i32 {
        let days = DateDifference::new(self.end_date).largest(Unit::Day);
        self.start_date.until(days).map_or(i32::MAX, |span| span.get_days() + 1)
    }

    /// From the first day to the one after the last.
    #[must_use]
    pub fn half_open(&self) -> (Date, Date) {
        (self.start_date, self.end())
    }

    /// The day after the last.
    #[must_use]
    pub fn end(&self) -> Date {
        self.end_date.saturating_add(1.day())
    }

    /// The range before: as many whole months if this is whole months, else as many days.
    #[must_use]
    pub fn before(&self) -> Self {
        let end_date = self.start_date.saturating_sub(1.day());
        let whole_months =
            self.start_date.day() == 1 && self.end_date == self.end_date.last_of_month();
        let start_date = if whole_months {
            self.start_date.saturating_sub(self.months().months())
        } else {
            self.start_date.saturating_sub(self.days().days())
        };
        Self { start_date, end_date, days_in: "UTC" }
    }

    /// How many months it touches.
    fn months(&self) -> i32 {
        let index = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        index(self.end_date) - index(self.start_date) + 1
    }
}
