//! How long a provider asks us to wait.

use std::time::Duration;

use http::{HeaderMap, header};
use jiff::{Timestamp, fmt::rfc2822};

/// Headers that say how much is left, each with the one that says when there is more again.
const LIMITS: [(&str, &str); 4] = [
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
];

/// What an answer asks for: `Retry-After` in seconds or as a date, else the longest reset of a
/// limit that is used up. Moments are compared with the answer's own `Date`.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let now = text(header::DATE.as_str()).and_then(http_date);
    let after = text(header::RETRY_AFTER.as_str());
    if let Some(wait) = after.and_then(|after| seconds(after).or(until(http_date(after), now))) {
        return Some(wait);
    }
    let used_up = LIMITS.iter().filter(|(left, _)| text(left) == Some("0"));
    used_up.filter_map(|(_, reset)| reset_in(text(reset)?, now)).max()
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|moment| moment.timestamp())
}

fn until(moment: Option<Timestamp>, now: Option<Timestamp>) -> Option<Duration> {
    let (moment, now) = (moment?, now?);
    Some(Duration::try_from(moment.duration_since(now)).unwrap_or_default())
}

fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_secs)
}

/// `1s`, `6m0s`, `20ms` as OpenAI writes it, or a moment as Anthropic does.
fn reset_in(text: &str, now: Option<Timestamp>) -> Option<Duration> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return until(Some(moment), now);
    }
    let span: jiff::SignedDuration = text.parse().ok()?;
    Duration::try_from(span).ok()
}
