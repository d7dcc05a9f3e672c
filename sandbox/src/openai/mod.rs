//! As OpenAI answers: costs and usage of an organization.

mod bill;
mod usage;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use convergence::http::{Json, Path, Query};
use http::{HeaderMap, StatusCode};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Number, Value, json};

use self::{
    bill::{MODELS, cost, lines, own_sum},
    usage::{completions, other_usage},
};
use crate::{
    Key, World,
    buckets::{Asked, Pairs, captured, malformed, sum, value},
    made_up::items,
};

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/v1/organization/costs", get(costs))
        .route("/v1/organization/usage/{report}", get(used))
}

async fn costs(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Response {
    let asked = match begin(&world, &headers, &pairs) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let results = |day: Date| match world.captured.get("openai/costs") {
        Some(buckets) if asked.grouped => captured(buckets, day, day_of),
        Some(buckets) => {
            let lines = captured(buckets, day, day_of);
            let total = sum(lines.iter().map(|line| &line["amount"]["value"]));
            let total = total.parse::<Number>().map_or(Value::Null, Value::Number);
            if lines.is_empty() { Vec::new() } else { vec![cost(&total, None, None, None)] }
        }
        None if asked.grouped => lines(&world, day),
        None => own_sum(&world, day),
    };
    asked.answer(&world, results, bucket)
}

async fn used(
    State(world): State<Arc<World>>,
    Path(report): Path<String>,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Response {
    let asked = match begin(&world, &headers, &pairs) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let results = |day: Date| match world.captured.get(&format!("openai/{report}")) {
        Some(buckets) => captured(buckets, day, day_of),
        None if !world.captured.is_empty() => Vec::new(),
        None if report == "completions" => {
            items(&world, "openai", day, MODELS.len()).iter().flat_map(completions).collect()
        }
        None => other_usage(&world, &report, day),
    };
    asked.answer(&world, results, bucket)
}

fn begin(world: &World, headers: &HeaderMap, pairs: &Pairs) -> Result<Asked, Box<Response>> {
    let key = headers.get("authorization").and_then(|it| it.to_str().ok());
    let key = key.and_then(|it| it.strip_prefix("Bearer ")).unwrap_or_default();
    let refusal = match world.key(key) {
        Some(Key::Admin) => None,
        Some(Key::Project | Key::WithoutPermission) => Some((
            StatusCode::FORBIDDEN,
            "You have insufficient permissions for this operation. Missing scopes: api.usage.read. \
             Check that you have the correct role in your organization."
                .to_owned(),
            Value::Null,
        )),
        // The real one shows less of the key; whoever repeats its message must not.
        Some(Key::Revoked) | None => Some((
            StatusCode::UNAUTHORIZED,
            format!("Incorrect API key provided: {key}."),
            json!("invalid_api_key"),
        )),
    };
    if let Some((status, message, code)) = refusal {
        return Err((status, Json(error(&message, &code))).into_response().into());
    }
    let day = |name: &str| {
        let seconds = value(pairs, name)?.parse().ok()?;
        Some(utc(Timestamp::from_second(seconds).ok()?))
    };
    Asked::read(pairs, (day("start_time"), day("end_time")))
        .ok_or_else(|| malformed(error("Invalid query.", &Value::Null)).into())
}

fn error(message: &str, code: &Value) -> Value {
    json!({ "error": {
        "message": message, "type": "invalid_request_error", "param": null, "code": code,
    }})
}

fn utc(moment: Timestamp) -> Date {
    moment.to_zoned_datetime(TimeZone::UTC).date()
}

fn day_of(bucket: &Value) -> Option<Date> {
    Some(utc(Timestamp::from_second(bucket["start_time"].as_i64()?).ok()?))
}

fn bucket(day: Date, results: &[Value]) -> Value {
    let seconds = |day: Date| {
        day.to_zoned_datetime(TimeZone::UTC).map_or(0, |day| day.timestamp().as_second())
    };
    let end = day.tomorrow().unwrap_or(day);
    json!({
        "object": "bucket", "start_time": seconds(day), "end_time": seconds(end), "results": results,
    })
}
