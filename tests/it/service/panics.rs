//! A panic ends its request, not the process.

use axum::routing::get;
use convergence::http::Json;
use integration_tests::As;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;

use super::with_routes;

async fn panics() -> Json<Value> {
    let nothing: Vec<u8> = Vec::new();
    Json(json!(nothing[0]))
}

#[tokio::test]
async fn the_answer_to_a_panic_has_the_headers_of_every_answer() {
    let routes = OpenApiRouter::new().route("/test/panics", get(panics));
    let settings = [("RATE_LIMIT_ENABLED", "true"), ("CORS_ORIGINS", "https://console.example")];
    let app = with_routes(&settings, routes).await;
    let call = app.get(As::Nobody, "/test/panics").header("origin", "https://console.example");
    let answer = call.send().await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.header("access-control-allow-origin"), "https://console.example");
    for name in ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-request-id"] {
        assert!(!answer.header(name).is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_panic_is_a_500_in_our_shape_that_tells_nothing() {
    let routes = OpenApiRouter::new().route("/test/panics", get(panics));
    let app = with_routes(&[], routes).await;
    let answer = app.get(As::Nobody, "/test/panics").send().await;
    insta::assert_debug_snapshot!(answer.refusal(), @r#"
    (
        500,
        "internal",
        "something went wrong on our side; please tell us the error_id",
    )
    "#);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(app.get(As::Nobody, "/health").send().await.status, 200);
}
