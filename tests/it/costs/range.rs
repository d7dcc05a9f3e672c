//! Ranges of days.

use convergence::costs::{DayRange, MOST_DAYS};
use jiff::{
    ToSpan as _,
    civil::{Date, date},
    tz::TimeZone,
};
use proptest::prelude::*;

fn range(start: &str, end: &str) -> Result<DayRange, String> {
    DayRange::new(start.parse().unwrap(), end.parse().unwrap())
}

#[test]
fn the_range_before_has_as_many_months_or_as_many_days() {
    for (start, end, before_start, before_end) in [
        ("2024-03-01", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"),
        ("2026-03-01", "2026-03-30", "2026-01-30", "2026-02-28"),
        ("2026-03-02", "2026-03-31", "2026-01-31", "2026-03-01"),
        ("2026-01-01", "2026-01-01", "2025-12-31", "2025-12-31"),
    ] {
        let before = range(start, end).unwrap().before();
        assert_eq!(before, range(before_start, before_end).unwrap(), "{start} {end}");
    }
}

#[test]
fn this_month_is_the_organizations() {
    for (now, zone, start, end) in [
        ("2026-03-01T04:00:00Z", "America/Los_Angeles", "2026-02-01", "2026-02-28"),
        ("2026-02-28T20:00:00Z", "Asia/Tokyo", "2026-03-01", "2026-03-31"),
        ("2024-02-29T12:00:00Z", "UTC", "2024-02-01", "2024-02-29"),
    ] {
        let zone = TimeZone::get(zone).unwrap();
        let found = DayRange::month_of(now.parse().unwrap(), &zone);
        assert_eq!(found, range(start, end).unwrap(), "{now}");
    }
}

#[test]
fn what_is_no_range_is_refused() {
    assert!(range("2026-01-02", "2026-01-01").unwrap_err().contains("ends before it starts"));
    assert!(range("2026-01-01", "2029-01-01").unwrap_err().contains("at most 1096 days"));
    assert_eq!(range("2024-01-01", "2026-12-31").unwrap().days(), MOST_DAYS);
    assert!(range("1899-12-31", "1900-01-01").unwrap_err().contains("years"));
    assert!(range("9999-12-31", "9999-12-31").unwrap_err().contains("years"));
}

proptest! {
    #[test]
    fn the_range_before_ends_where_this_one_starts(first in 0..40_000_i32, days in 0..1096_i32) {
        let start: Date = date(1901, 1, 1).saturating_add(first.days());
        let range = DayRange::new(start, start.saturating_add(days.days())).unwrap();
        prop_assert_eq!(range.days(), days + 1);
        let before = range.before();
        prop_assert_eq!(before.end(), start);
        prop_assert!(before.start_date <= before.end_date);
        // Months differ by three days at most, and three years by one.
        prop_assert!((before.days() - range.days()).abs() <= 3, "{:?} {:?}", before, range);
    }
}
