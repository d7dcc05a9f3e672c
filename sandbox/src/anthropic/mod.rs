//! As Anthropic answers: the cost report, and usage of messages and of Claude Code.

mod bill;
mod usage;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use convergence::http::{Json, Query};
use http::{HeaderMap, StatusCode};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use self::{
    bill::{CENT, billed, lines, own_sum},
    usage::{coded, usage},
};
use crate::{
    Key, World,
    buckets::{Asked, Pairs, captured, malformed, sum, value},
    money::{Pico, cents},
};

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new()
        .route("/v1/organizations/cost_report", get(costs))
        .route("/v1/organizations/usage_report/messages", get(messages))
        .route("/v1/organizations/usage_report/claude_code", get(claude_code))
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
    let results = |day: Date| match world.captured.get("anthropic/cost_report") {
        Some(buckets) if asked.grouped => captured(buckets, day, day_of),
        Some(buckets) => {
            let lines = captured(buckets, day, day_of);
            let total = json!(sum(lines.iter().map(|line| &line["amount"])));
            if lines.is_empty() { Vec::new() } else { vec![own_sum(&total)] }
        }
        None if asked.grouped => lines(&world, day),
        None => {
            let extra = if world.faults.is_billed_beside(day) { 150 * CENT } else { 0 };
            let sum = billed(&world, day).iter().map(|line| line.amount).sum::<Pico>() + extra;
            if sum == 0 { Vec::new() } else { vec![own_sum(&cents(sum))] }
        }
    };
    asked.answer(&world, results, bucket)
}

async fn messages(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Response {
    let asked = match begin(&world, &headers, &pairs) {
        Ok(asked) => asked,
        Err(refusal) => return *refusal,
    };
    let results = |day: Date| match world.captured.get("anthropic/messages") {
        Some(buckets) => captured(buckets, day, day_of),
        None if !world.captured.is_empty() => Vec::new(),
        None => usage(&world, day),
    };
    asked.answer(&world, results, bucket)
}

/// A day at a time, without buckets.
async fn claude_code(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Query(pairs): Query<Pairs>,
) -> Response {
    if let Some(refusal) = refused(&world, &headers) {
        return refusal;
    }
    let day = value(&pairs, "starting_at").and_then(|day| day.parse::<Date>().ok());
    let Some(day) = day else { return malformed(error("invalid_request_error", "starting_at")) };
    let data = if world.has(day) && world.captured.is_empty() { vec![coded(day)] } else { vec![] };
    Json(json!({ "data": data, "has_more": false, "next_page": null })).into_response()
}

fn begin(world: &World, headers: &HeaderMap, pairs: &Pairs) -> Result<Asked, Box<Response>> {
    if let Some(refusal) = refused(world, headers) {
        return Err(refusal.into());
    }
    let day = |name: &str| {
        let moment: Timestamp = value(pairs, name)?.parse().ok()?;
        Some(moment.to_zoned_datetime(TimeZone::UTC).date())
    };
    Asked::read(pairs, (day("starting_at"), day("ending_at")))
        .ok_or_else(|| malformed(error("invalid_request_error", "days are needed")).into())
}

fn refused(world: &World, headers: &HeaderMap) -> Option<Response> {
    let key = headers.get("x-api-key").and_then(|it| it.to_str().ok()).unwrap_or_default();
    let (status, error) = match world.key(key) {
        Some(Key::Admin) => return None,
        Some(Key::WithoutPermission) => (
            StatusCode::FORBIDDEN,
            error(
                "permission_error",
                "Your API key does not have permission to use the specified resource.",
            ),
        ),
        // The real one does not repeat the key; whoever repeats its message must not.
        Some(Key::Project | Key::Revoked) | None => (
            StatusCode::UNAUTHORIZED,
            error("authentication_error", &format!("invalid x-api-key {key}")),
        ),
    };
    Some((status, Json(error)).into_response())
}

fn error(kind: &str, message: &str) -> Value {
    json!({ "type": "error", "error": { "type": kind, "message": message } })
}

fn day_of(bucket: &Value) -> Option<Date> {
    let moment: Timestamp = bucket["starting_at"].as_str()?.parse().ok()?;
    Some(moment.to_zoned_datetime(TimeZone::UTC).date())
}

fn bucket(day: Date, results: &[Value]) -> Value {
    let end = day.tomorrow().unwrap_or(day);
    json!({
        "starting_at": format!("{day}T00:00:00Z"), "ending_at": format!("{end}T00:00:00Z"),
        "results": results,
    })
}
