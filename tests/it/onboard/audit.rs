//! The audit log: every change leaves an entry.

use integration_tests::{As, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{bootstrap, onboard};

const ORG: &str = "/api/v1/organizations/acme";

async fn log(app: &TestApp, query: &str) -> Value {
    app.get(As::Root, &format!("{ORG}/audit?{query}")).send().await.json_of(200)
}

fn actions(log: &Value) -> Vec<&str> {
    log["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap()).collect()
}

/// One of each change, a second apart.
async fn changes(app: &TestApp) {
    onboard(app, "acme").await;
    let second = SignedDuration::from_secs(1);
    app.clock.advance(second);
    let change = json!({ "currency": "CHF" });
    let _ = app.patch(As::Root, ORG).json(&change).send().await.expect(200);
    let _ = app.patch(As::Root, ORG).json(&change).send().await.expect(200);
    app.clock.advance(second);
    let plan = json!({ "plan": "scale", "status": "ACTIVE" });
    let path = format!("{ORG}/subscription");
    let _ = app.put(As::Root, &path).json(&plan).send().await.expect(200);
    let _ = app.put(As::Root, &path).json(&plan).send().await.expect(200);
    app.clock.advance(second);
    let keys = format!("{ORG}/api-keys");
    let made = app.post(As::Root, &keys).json(&json!({ "name": "CI" })).send().await.json_of(201);
    app.clock.advance(second);
    let key = format!("{keys}/{}", made["key_id"].as_str().unwrap());
    let path = format!("{key}/rotate");
    let _ = app.post(As::Root, &path).json(&json!({})).send().await.expect(201);
    app.clock.advance(second);
    let _ = app.delete(As::Root, &key).send().await.expect(204);
    let _ = app.delete(As::Root, &key).send().await.expect(204);
}

#[tokio::test]
async fn every_change_leaves_one_entry_newest_first() {
    let app = TestApp::new().await;
    bootstrap(&app).await;
    changes(&app).await;
    let log = log(&app, "").await;
    assert_eq!(
        actions(&log),
        [
            "api_key.revoke",
            "api_key.rotate",
            "api_key.create",
            "subscription.update",
            "organization.update",
            "organization.onboard",
        ]
    );
    insta::assert_json_snapshot!(log["items"][4], {
        ".id" => "[id]", ".request_id" => "[id]",
    }, @r#"
    {
      "action": "organization.update",
      "actor_id": "root",
      "actor_kind": "root",
      "address": null,
      "created_at": "2026-07-01T12:00:01Z",
      "details": {
        "currency": {
          "after": "CHF",
          "before": "EUR"
        }
      },
      "id": "[id]",
      "outcome": "success",
      "request_id": "[id]",
      "target": "acme"
    }
    "#);
    assert!(!log.to_string().contains("_api_"), "no key is in it");
}

#[tokio::test]
async fn it_is_filtered_and_paged() {
    let app = TestApp::new().await;
    bootstrap(&app).await;
    changes(&app).await;
    assert_eq!(actions(&log(&app, "action=api_key.create").await), ["api_key.create"]);
    assert_eq!(actions(&log(&app, "actor=somebody").await), [""; 0]);
    let until = "to=2026-07-01T12:00:01Z";
    assert_eq!(actions(&log(&app, until).await), ["organization.update", "organization.onboard"]);
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = log(&app, &format!("limit=4{cursor}")).await;
        seen.extend(actions(&page).into_iter().map(str::to_owned));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn what_the_table_could_not_take_yet_gets_there_before_it_is_read() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    bootstrap(&app).await;
    assert_eq!(actions(&log(&app, "").await), ["organization.onboard"]);
}

#[tokio::test]
async fn nobody_reads_it_with_a_key() {
    let app = TestApp::new().await;
    let key = onboard(&app, "acme").await;
    let path = format!("{ORG}/audit");
    assert_eq!(app.get(As::Key(key), &path).send().await.refusal().0, 403);
    assert_eq!(app.get(As::Nobody, &path).send().await.refusal().0, 401);
    let path = format!("{path}?from=2026-07-02T00:00:00Z&to=2026-07-01T00:00:00Z");
    assert_eq!(app.get(As::Root, &path).send().await.refusal().0, 422);
    let path = "/api/v1/organizations/acme/audit?from=yesterday";
    assert_eq!(app.get(As::Root, path).send().await.refusal().0, 422);
}
