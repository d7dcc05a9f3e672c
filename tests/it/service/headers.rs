//! Headers of every answer.

use http::Method;
use integration_tests::{As, TestApp};

use super::app;

const PATHS: [&str; 4] = ["/health", "/nothing/here", "/api/v1/openapi.json", "/test/a/costs"];

#[tokio::test]
async fn every_answer_says_that_nothing_is_to_be_guessed_or_kept() {
    let app = app(&[]).await;
    for path in PATHS {
        let answer = app.get(As::Nobody, path).send().await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
        let id = answer.header("x-request-id").parse::<uuid::Uuid>().expect("an id");
        assert_eq!(id.get_version_num(), 7);
    }
}

#[tokio::test]
async fn each_request_has_an_id_of_ours() {
    let app = app(&[]).await;
    let forged = "01a20ccb-b597-7ff1-921d-32439ff55c2b";
    let answer = app.get(As::Nobody, "/test/meta").header("x-request-id", forged).send().await;
    let id = answer.header("x-request-id").to_owned();
    assert_ne!(id, forged);
    assert_eq!(answer.json_of(200)["request_id"], id);
}

async fn preflight(app: &TestApp, origin: &str) -> String {
    let call = app.call(As::Nobody, Method::OPTIONS, "/test/order");
    let call = call.header("origin", origin).header("access-control-request-method", "POST");
    call.send().await.header("access-control-allow-origin").to_owned()
}

#[tokio::test]
async fn no_page_may_call_unless_its_origin_is_set() {
    let closed = app(&[]).await;
    assert_eq!(preflight(&closed, "https://console.example.com").await, "");
    let open = app(&[("CORS_ORIGINS", "https://console.example.com")]).await;
    assert_eq!(
        preflight(&open, "https://console.example.com").await,
        "https://console.example.com"
    );
    assert_eq!(preflight(&open, "https://evil.example.com").await, "");
}
