//! Streams of events end when who watches may no longer see them.

use http_body_util::BodyExt as _;
use integration_tests::{As, Options, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{IMPORT, SAMPLE, http::tenant};

/// A run that nobody executes, by its id.
async fn waiting(app: &TestApp) -> String {
    let acme = tenant(app, "acme").await;
    let body = json!({ "input": acme.upload("a.csv", SAMPLE).await });
    let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
    accepted["run_id"].as_str().unwrap().to_owned()
}

/// A key that may look, and its id.
async fn viewer(app: &TestApp) -> (As, String) {
    let body = json!({ "name": "viewer", "scopes": ["costs:read"] });
    let path = "/api/v1/organizations/acme/api-keys";
    let made: Value = app.post(As::Root, path).json(&body).send().await.json_of(201);
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (As::Key(text("api_key")), text("key_id"))
}

#[tokio::test]
async fn a_revoked_key_ends_its_stream_within_a_minute_and_others_go_on() {
    let app = TestApp::with(Options::default()).await;
    let run_id = waiting(&app).await;
    let (key, key_id) = viewer(&app).await;
    let path = format!("/api/v1/pipelines/acme/runs/{run_id}/events");
    let mut revoked = app.get(key, &path).response().await.into_body();
    let mut other = app.get(As::Root, &path).response().await.into_body();
    for stream in [&mut revoked, &mut other] {
        let first = stream.frame().await.unwrap().unwrap().into_data().unwrap();
        assert!(first.starts_with(b"event: progress"), "{first:?}");
    }
    let revoke = format!("/api/v1/organizations/acme/api-keys/{key_id}");
    let _ = app.delete(As::Root, &revoke).send().await.expect(204);
    app.clock.advance(SignedDuration::from_secs(59));
    assert!(revoked.frame().await.is_none(), "the stream has ended");
    let cancel = format!("/api/v1/pipelines/acme/runs/{run_id}/cancel");
    let _ = app.post(As::Root, &cancel).send().await.expect(202);
    let last = other.collect().await.unwrap().to_bytes();
    assert!(last.starts_with(b"event: end"), "{last:?}");
}
