//! What every function answers and does in the same way.

mod access_log;
mod bodies;
mod headers;
mod health;
mod lists;
mod log;
mod lone;
mod openapi;
mod panics;
mod rate;
mod refusals;
mod time_limit;
mod trace;

use axum::routing::{get, post};
use convergence::{
    auth::Access,
    auth::permit::ReadCosts,
    http::{Json, ListBody, PageQuery, Query, Repeatable, RequestMeta},
    state::AppState,
};
use integration_tests::{Options, TestApp};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;

/// A body with rules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    name: String,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    count: u32,
}

#[derive(Deserialize)]
struct Filter {
    status: Option<u16>,
}

/// Routes of the tests' own, each of which shows one thing.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/test/order", post(order))
        .route("/test/repeatable", post(repeatable))
        .route("/test/list", get(list))
        .route("/test/meta", get(meta))
        .route("/test/{org}/costs", get(costs))
}

async fn order(Json(order): Json<Order>) -> Json<Value> {
    let counts: Vec<u32> = order.lines.iter().map(|line| line.count).collect();
    Json(json!({"name": order.name, "counts": counts}))
}

async fn repeatable(order: Repeatable<Order>) -> Json<Value> {
    let Repeatable { value, identity } = order;
    Json(json!({
        "name": value.name,
        "key": identity.key,
        "method": identity.method.as_str(),
        "path": identity.path,
        "body_hash": identity.body_hash,
    }))
}

async fn list(page: PageQuery, Query(filter): Query<Filter>) -> convergence::Result<Json<Value>> {
    let request = page.request()?;
    let body = ListBody::new(vec![request.limit], request.after.clone().or(Some("a/b".to_owned())));
    Ok(Json(json!({
        "items": body.items, "next_cursor": body.next_cursor,
        "after": request.after, "status": filter.status,
    })))
}

async fn meta(meta: RequestMeta) -> Json<Value> {
    let trace = meta.trace.map(|trace| json!({"trace_id": trace.trace_id, "span_id": trace.span_id, "sampled": trace.sampled}));
    Json(json!({"request_id": meta.request_id, "address": meta.address, "trace": trace}))
}

async fn costs(access: Access<ReadCosts>) -> Json<Value> {
    Json(json!({"org": access.org, "actor": access.caller.actor()}))
}

/// An app with those routes.
async fn app(settings: &[(&str, &str)]) -> TestApp {
    with_routes(settings, routes()).await
}

async fn with_routes(settings: &[(&str, &str)], routes: OpenApiRouter<AppState>) -> TestApp {
    let settings = settings.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
    TestApp::with(Options { settings: settings.collect(), routes, ..Options::default() }).await
}
