//! Invoice months: they are Pacific time, charges are UTC.

use jiff::{
    Timestamp, ToSpan as _,
    civil::{Date, Time},
    tz::TimeZone,
};

/// The first day of an invoice month, as in `202604`.
pub(super) fn month(text: &str) -> Option<Date> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[4..].parse().ok()?, 1).ok()
}

/// When a month begins and when the next one does, where Google closes its books.
pub(super) fn bounds(month: Date) -> Option<[Timestamp; 2]> {
    let pacific = TimeZone::get("America/Los_Angeles").ok()?;
    let begins = |day: Date| pacific.to_timestamp(day.to_datetime(Time::midnight())).ok();
    Some([begins(month)?, begins(month.checked_add(1.month()).ok()?)?])
}
