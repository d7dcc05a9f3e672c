//! How long a route may take.

use std::{future::pending, time::Duration};

use axum::routing::get;
use convergence::http::TimeLimit;
use integration_tests::{As, TestApp};
use tokio::time::{Instant, sleep};
use utoipa_axum::router::OpenApiRouter;

use super::with_routes;

async fn slow() -> &'static str {
    sleep(Duration::from_millis(1_500)).await;
    "done"
}

/// The usual limit is one second.
async fn app() -> TestApp {
    let longer = OpenApiRouter::new()
        .route("/test/longer", get(slow))
        .layer(TimeLimit(Duration::from_secs(20)));
    let shorter = OpenApiRouter::new()
        .route("/test/shorter", get(pending::<&'static str>))
        .layer(TimeLimit(Duration::from_millis(50)));
    let usual = OpenApiRouter::new().route("/test/usual", get(slow));
    with_routes(&[("REQUEST_TIMEOUT_SECONDS", "1")], usual.merge(longer).merge(shorter)).await
}

#[tokio::test]
async fn a_route_that_takes_too_long_is_cut_off() {
    let app = app().await;
    for (path, least, most) in [("/test/usual", 1_000, 1_500), ("/test/shorter", 50, 1_000)] {
        let started = Instant::now();
        let (status, code, _) = app.get(As::Nobody, path).send().await.refusal();
        assert_eq!((status, code.as_str()), (504, "timeout"), "{path}");
        let took = started.elapsed().as_millis();
        assert!((least..most).contains(&took), "{path}: {took} ms");
    }
}

#[tokio::test]
async fn a_route_may_have_longer() {
    let app = app().await;
    assert_eq!(app.get(As::Nobody, "/test/longer").send().await.expect(200).text(), "done");
}
