//! What the log says of requests, and what it never says.

use integration_tests::{As, TestApp};
use serde_json::json;

use super::app;
use crate::captured::Log;

#[tokio::test]
async fn a_refusal_is_found_by_its_id_beside_its_request() {
    let (app, log) = (app(&[]).await, Log::default());
    let _logging = log.begin(Some("a-project"));
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let call = app.get(As::Nobody, "/nothing?secret=1").header("traceparent", trace);
    let answer = call.send().await;
    let lines = log.lines();
    let id = &answer.json()["error_id"];
    let refusal = lines.iter().find(|line| line["error_id"] == *id).expect("it is in the log");
    let visit = lines.iter().find(|line| line.get("httpRequest").is_some()).expect("one line");
    for line in [refusal, visit] {
        let labels = &line["logging.googleapis.com/labels"];
        assert_eq!(labels["request_id"], answer.header("x-request-id"));
        let trace = "projects/a-project/traces/4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(line["logging.googleapis.com/trace"], trace);
    }
    assert_eq!(visit["message"], "GET /nothing answered 404");
    assert_eq!(visit["httpRequest"]["status"], json!(404));
    assert!(!log.text().contains("secret"), "queries hold data");
}

#[tokio::test]
async fn neither_credentials_nor_bodies_are_in_the_log() {
    let (app, log) = (app(&[]).await, Log::default());
    let _logging = log.begin(Some("a-project"));
    let key = "acme_api_very0secret0key0000";
    let body = json!({"name": "very secret body", "lines": [], "more": "very secret member"});
    for caller in [As::Key(key.to_owned()), As::Root, As::Bearer("very.secret.token".to_owned())] {
        app.get(caller.clone(), "/test/acme/costs").send().await;
        app.post(caller, "/test/order").json(&body).send().await;
    }
    let text = log.text();
    for secret in [key, TestApp::ROOT_KEY, "very.secret", "very secret"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(log.lines().len() >= 12, "every request and refusal has a line: {text}");
}
