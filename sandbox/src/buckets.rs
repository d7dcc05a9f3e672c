//! Pages of buckets, one a day: what both LLM providers answer in.

use axum::response::{IntoResponse, Response};
use convergence::{decimal::Decimal, http::Json};
use http::StatusCode;
use jiff::{ToSpan as _, civil::Date};
use serde_json::{Value, json};

use crate::World;

/// The most days of a page, whatever is asked for: providers may say less than they are asked.
const PAGE_DAYS: usize = 10;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) start: Date,
    pub(crate) end: Date,
    pub(crate) limit: usize,
    pub(crate) page: Option<Date>,
    pub(crate) grouped: bool,
}

/// A query string.
pub(crate) type Pairs = Vec<(String, String)>;

/// The last value of a name.
pub(crate) fn value<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

impl Asked {
    /// Reads a query whose days are written as `day` reads them; `None` where it makes no sense.
    pub(crate) fn read(pairs: &Pairs, (start, end): (Option<Date>, Option<Date>)) -> Option<Self> {
        let page = match value(pairs, "page") {
            Some(page) => Some(page.strip_prefix("page_")?.parse().ok()?),
            None => None,
        };
        let limit = value(pairs, "limit").map_or(Some(7), |limit| limit.parse().ok())?;
        let grouped = pairs.iter().any(|(name, _)| name == "group_by[]");
        Some(Self { start: start?, end: end?, limit, page, grouped })
    }

    /// The days of the page, and the first of the next one.
    fn days(&self) -> (Vec<Date>, Option<Date>) {
        let first = self.page.unwrap_or(self.start);
        let mut days: Vec<Date> = Vec::new();
        let mut day = first;
        while day < self.end && days.len() < self.limit.min(PAGE_DAYS) {
            days.push(day);
            day = day.saturating_add(1.days());
        }
        (days, (day < self.end).then_some(day))
    }

    /// The page, of what `results` gives for each day and `bucket` makes of that.
    pub(crate) fn answer(
        &self,
        world: &World,
        results: impl Fn(Date) -> Vec<Value>,
        bucket: impl Fn(Date, &[Value]) -> Value,
    ) -> Response {
        let (days, next) = self.days();
        let data: Vec<_> = days.into_iter().map(|day| bucket(day, &results(day))).collect();
        let repeats = world.faults.repeats_cursors();
        let next = if repeats { Some(self.start) } else { next };
        let next_page = next.map(|day| format!("page_{day}"));
        let body = json!({
            "object": "page", "data": data, "has_more": next.is_some(), "next_page": next_page,
        });
        Json(body).into_response()
    }
}

/// 400.
pub(crate) fn malformed(error: Value) -> Response {
    (StatusCode::BAD_REQUEST, Json(error)).into_response()
}

/// The results of a day in captured buckets, whose days `day` reads.
pub(crate) fn captured(
    buckets: &[Value],
    wanted: Date,
    day: impl Fn(&Value) -> Option<Date>,
) -> Vec<Value> {
    let of_day = buckets.iter().filter(|bucket| day(bucket) == Some(wanted));
    of_day.flat_map(|bucket| bucket["results"].as_array().cloned().unwrap_or_default()).collect()
}

/// The sum of captured amounts.
pub(crate) fn sum<'a>(amounts: impl Iterator<Item = &'a Value>) -> String {
    let text = |amount: &Value| amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
    let amounts = amounts.map(|amount| text(amount).parse::<Decimal>().unwrap_or_default());
    amounts.fold(Decimal::ZERO, |sum, it| sum.checked_add(it).unwrap_or_default()).to_string()
}
