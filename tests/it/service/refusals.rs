//! Refusals that no handler makes.

use http::Method;
use integration_tests::As;

use super::app;

#[tokio::test]
async fn an_unknown_path_and_a_wrong_method_are_refused_in_our_shape() {
    let app = app(&[]).await;
    let cases = [
        (Method::GET, "/nothing/here", 404, "not_found"),
        (Method::POST, "/", 404, "not_found"),
        (Method::DELETE, "/health", 405, "method_not_allowed"),
        (Method::PUT, "/api/v1/openapi.json", 405, "method_not_allowed"),
        (Method::GET, "/test/order", 405, "method_not_allowed"),
    ];
    for (method, path, status, code) in cases {
        let answer = app.call(As::Nobody, method, path).send().await;
        let (found, named, _) = answer.refusal();
        assert_eq!((found, named.as_str()), (status, code), "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test]
async fn no_path_that_is_not_utf8_or_climbs_finds_anything() {
    let app = app(&[]).await;
    for path in ["/test/%ff/costs", "/test/../health", "/test/..%2f..%2fetc/costs", "//health"] {
        let (status, _, _) = app.get(As::Root, path).send().await.refusal();
        assert_eq!(status, 404, "{path}");
    }
}

/// Each error has an id of its own, under which its cause stands in the log.
#[tokio::test]
async fn no_two_refusals_share_an_id() {
    let app = app(&[]).await;
    let id = async || app.get(As::Nobody, "/nothing").send().await.json()["error_id"].to_string();
    assert_ne!(id().await, id().await);
}
