//! Pages of buckets, one a day: what OpenAI and Anthropic have in common.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Line, Page, Report};
use crate::providers::{Api, ApiError};

/// A page as it comes.
#[derive(Debug, Deserialize)]
struct Buckets {
    data: Vec<Bucket>,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    next_page: Option<String>,
}

/// A day as it comes: OpenAI says seconds, Anthropic a moment.
#[derive(Debug, Deserialize)]
struct Bucket {
    #[serde(alias = "starting_at")]
    start_time: Start,
    #[serde(default)]
    results: Vec<Map<String, Value>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Start {
    Seconds(i64),
    Moment(Timestamp),
}

impl Start {
    fn day(self) -> Date {
        let moment = match self {
            Self::Seconds(seconds) => Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX),
            Self::Moment(moment) => moment,
        };
        moment.to_zoned_datetime(TimeZone::UTC).date()
    }
}

/// A page of a report in buckets; how `bounds` are written is the provider's own.
///
/// # Errors
///
/// As [`Api::get`].
pub(super) async fn page(
    api: &Api,
    report: &Report,
    bounds: [(&'static str, String); 2],
    cursor: Option<&str>,
) -> Result<Page, ApiError> {
    let mut query = Vec::from(bounds);
    query.push(("bucket_width", "1d".to_owned()));
    query.push(("limit", report.days.to_string()));
    query.extend(report.group_by.iter().map(|by| ("group_by[]", (*by).to_owned())));
    query.extend(cursor.map(|cursor| ("page", cursor.to_owned())));
    api.get::<Buckets>(report.path, &query).await.map(Page::from)
}

impl From<Buckets> for Page {
    /// A page that says there is more, and not by what to ask for it, leads back to the first: the
    /// empty cursor is refused when it comes again.
    fn from(buckets: Buckets) -> Self {
        let lines = buckets.data.into_iter().flat_map(|bucket| {
            let day = bucket.start_time.day();
            bucket.results.into_iter().map(move |fields| Line { day, fields })
        });
        let next = buckets.has_more.then(|| buckets.next_page.unwrap_or_default());
        Self { lines: lines.collect(), next }
    }
}
