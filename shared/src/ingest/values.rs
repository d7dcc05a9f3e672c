//! Moments, from text.

use jiff::civil::{Date, date};

const EPOCH: Date = date(1970, 1, 1);

/// Microseconds since 1970 in UTC, and whether the text said a zone.
///
/// Reads RFC 3339 and what is close enough to mean one thing only: `2024-09-01`, a space for `T`,
/// no seconds, up to nine digits of a second, `Z`, `UTC`, `+05:30`, `+0530`; without zone it is UTC.
#[must_use]
pub fn timestamp(text: &[u8]) -> Option<(i64, bool)> {
    const MICROS_OF_DAY: i64 = 86_400_000_000;
    let day = days(text.get(..10)?)? * MICROS_OF_DAY;
    let Some((separator, clock)) = text[10..].split_first() else { return Some((day, false)) };
    if !matches!(separator, b' ' | b'T' | b't') || clock.get(2) != Some(&b':') {
        return None;
    }
    let (hour, minute) = (number(&clock[..2])?, number(clock.get(3..5)?)?);
    let (micros, zone) = seconds(&clock[5..])?;
    let (offset, said) = offset(zone)?;
    if hour > 23 || minute > 59 {
        return None;
    }
    Some((day + (hour * 60 + minute - offset) * 60_000_000 + micros, said))
}

/// Days since 1970 of `YYYY-MM-DD`.
fn days(text: &[u8]) -> Option<i64> {
    if text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let part = |from: usize, to: usize| i8::try_from(number(&text[from..to])?).ok();
    let date =
        Date::new(i16::try_from(number(&text[..4])?).ok()?, part(5, 7)?, part(8, 10)?).ok()?;
    Some(i64::from(day_number(date)))
}

/// Days since 1970.
pub(super) fn day_number(date: Date) -> i32 {
    let since = date.since((jiff::Unit::Day, EPOCH));
    since.map_or(0, |days| days.get_days())
}

/// The day that is so many days after 1970-01-01, if there is one.
pub(super) fn date_of(day: i32) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(day).ok()?).ok()
}

fn number(text: &[u8]) -> Option<i64> {
    text.iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// `:30.25` and what follows it: microseconds, rest.
fn seconds(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b':', rest @ ..] = text else { return Some((0, text)) };
    let whole = number(rest.get(..2)?).filter(|seconds| *seconds < 60)?;
    let [b'.', fraction @ ..] = &rest[2..] else { return Some((whole * 1_000_000, &rest[2..])) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=9).contains(&digits) {
        return None;
    }
    let padded = fraction[..digits].iter().chain(std::iter::repeat(&b'0')).take(6);
    let micros = padded.fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    Some((whole * 1_000_000 + micros, &fraction[digits..]))
}

/// Minutes east of Greenwich, and whether the text says so.
fn offset(text: &[u8]) -> Option<(i64, bool)> {
    let (sign, digits) = match text {
        b"" => return Some((0, false)),
        b"Z" | b"z" | b"UTC" | b" UTC" => return Some((0, true)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.len() {
        2 => (digits, &b"00"[..]),
        4 => digits.split_at(2),
        5 if digits[2] == b':' => (&digits[..2], &digits[3..]),
        _ => return None,
    };
    let hours = number(hours).filter(|hours| *hours < 24)?;
    let minutes = number(minutes).filter(|minutes| *minutes < 60)?;
    Some((sign * (hours * 60 + minutes), true))
}
