//! API keys: made, listed, replaced, revoked.

use std::sync::Arc;

use futures::future::join_all;
use http::StatusCode;
use integration_tests::{Answer, As, Options, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{ONBOARD, onboard, request};

const ORG: &str = "/api/v1/organizations/acme";
const KEYS: &str = "/api/v1/organizations/acme/api-keys";

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn make(app: &TestApp, body: Value) -> Value {
    app.post(As::Root, KEYS).json(&body).send().await.json_of(201)
}

async fn opens(app: &TestApp, key: &Value) -> bool {
    let status = app.get(As::Key(text(key)), ORG).send().await.status;
    assert!(status == StatusCode::OK || status == StatusCode::UNAUTHORIZED, "{status}");
    status == StatusCode::OK
}

async fn rotate(app: &TestApp, key: &Value, body: Value) -> Answer {
    let path = format!("{KEYS}/{}/rotate", text(&key["key_id"]));
    app.post(As::Root, &path).json(&body).send().await
}

async fn revoke(app: &TestApp, key: &Value) -> Answer {
    app.delete(As::Root, &format!("{KEYS}/{}", text(&key["key_id"]))).send().await
}

#[tokio::test]
async fn a_key_is_shown_once_and_listed_without_itself() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let made =
        make(&app, json!({ "name": "CI", "scopes": ["pipelines:run", "organization:read"] })).await;
    assert!(opens(&app, &made["api_key"]).await);
    let list = app.get(As::Root, KEYS).send().await;
    assert!(!list.text().contains(made["api_key"].as_str().unwrap()));
    let list = list.json_of(200);
    let item = list["items"].as_array().unwrap().iter().find(|key| key["name"] == "CI").unwrap();
    insta::assert_json_snapshot!(item, { ".key_id" => "[id]", ".fingerprint" => "[fingerprint]" }, @r#"
    {
      "active": true,
      "created_at": "2026-07-01T12:00:00Z",
      "expires_at": null,
      "fingerprint": "[fingerprint]",
      "key_id": "[id]",
      "name": "CI",
      "revoked_at": null,
      "scopes": [
        "organization:read",
        "pipelines:run"
      ],
      "successor": null
    }
    "#);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_a_key_may_not_be_is_refused() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "x", "scopes": [] }), "scopes"),
        (json!({ "name": "x", "scopes": ["costs:write"] }), "scopes[0]"),
        (json!({ "name": "x", "expires_at": "2026-07-01T12:00:00Z" }), "expires_at"),
        (json!({ "name": "x", "admin": true }), "admin"),
        (json!({}), "name"),
    ] {
        let answer = app.post(As::Root, KEYS).json(&body).send().await.json_of(422);
        assert_eq!(answer["details"][0]["field"], field, "{body}");
    }
}

#[tokio::test]
async fn a_key_ends_when_its_owner_said() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let key = make(&app, json!({ "name": "short", "expires_at": "2026-07-01T13:00:00Z" })).await;
    assert!(opens(&app, &key["api_key"]).await);
    app.clock.advance(SignedDuration::from_hours(1));
    assert!(!opens(&app, &key["api_key"]).await);
}

#[tokio::test]
async fn a_revoked_key_stops_at_once_and_once_more_changes_nothing() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let key = make(&app, json!({ "name": "leaked" })).await;
    assert!(opens(&app, &key["api_key"]).await, "and is remembered");
    let _ = revoke(&app, &key).await.expect(204);
    assert!(!opens(&app, &key["api_key"]).await);
    let _ = revoke(&app, &key).await.expect(204);
    assert_eq!(rotate(&app, &key, json!({})).await.refusal().0, 409);
    let unknown = json!({ "key_id": "00000000-0000-7000-8000-000000000000" });
    assert_eq!(revoke(&app, &unknown).await.refusal().0, 404);
    let odd = json!({ "key_id": "not-an-id" });
    assert_eq!(revoke(&app, &odd).await.refusal().0, 404);
}

#[tokio::test]
async fn keys_of_another_organization_cannot_be_touched_by_name_of_the_wrong_one() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    onboard(&app, "zeta").await;
    let key = make(&app, json!({ "name": "mine" })).await;
    let path = format!("/api/v1/organizations/zeta/api-keys/{}", text(&key["key_id"]));
    assert_eq!(app.delete(As::Root, &path).send().await.refusal().0, 404);
    let path = format!("{path}/rotate");
    assert_eq!(app.post(As::Root, &path).json(&json!({})).send().await.refusal().0, 404);
    assert!(opens(&app, &key["api_key"]).await);
}

#[tokio::test]
async fn the_answer_that_holds_a_revoked_key_is_never_given_again() {
    let app = TestApp::new().await;
    let send = || app.post(As::Root, ONBOARD).once("k").json(&request("acme")).send();
    let first = send().await.json_of(201);
    assert_eq!(send().await.json_of(201), first);
    let _ = revoke(&app, &first["key"]).await.expect(204);
    let (status, code, _) = send().await.refusal();
    assert_eq!((status, code.as_str()), (409, "conflict"));
}

#[tokio::test]
async fn both_keys_work_for_the_overlap_and_then_the_new_one_alone() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let old = make(&app, json!({ "name": "CI", "scopes": ["organization:read"] })).await;
    let new = rotate(&app, &old, json!({ "overlap_seconds": 3600 })).await.json_of(201);
    assert_eq!((&new["name"], &new["scopes"]), (&json!("CI"), &json!(["organization:read"])));
    assert_eq!(new["replaces"]["successor"], new["key_id"]);
    assert_eq!(new["replaces"]["expires_at"], "2026-07-01T13:00:00Z");
    assert!(opens(&app, &old["api_key"]).await && opens(&app, &new["api_key"]).await);
    assert_eq!(rotate(&app, &old, json!({})).await.refusal().0, 409, "it has a successor");
    app.clock.advance(SignedDuration::from_hours(1));
    assert!(!opens(&app, &old["api_key"]).await && opens(&app, &new["api_key"]).await);
}

#[tokio::test]
async fn an_overlap_may_be_nothing_and_is_at_most_seven_days() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let old = make(&app, json!({ "name": "CI" })).await;
    let long = rotate(&app, &old, json!({ "overlap_seconds": 604_801 })).await;
    assert_eq!(long.json_of(422)["details"][0]["field"], "overlap_seconds");
    assert!(opens(&app, &old["api_key"]).await);
    let new = rotate(&app, &old, json!({ "overlap_seconds": 0 })).await.json_of(201);
    assert!(!opens(&app, &old["api_key"]).await && opens(&app, &new["api_key"]).await);
}

#[tokio::test]
async fn an_end_of_its_own_outlives_no_rotation() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let old = make(&app, json!({ "name": "CI", "expires_at": "2026-07-01T12:30:00Z" })).await;
    let new = rotate(&app, &old, json!({ "overlap_seconds": 3600 })).await.json_of(201);
    assert_eq!(new["replaces"]["expires_at"], "2026-07-01T12:30:00Z");
    assert_eq!(new["expires_at"], "2026-07-01T12:30:00Z");
}

#[tokio::test]
async fn of_many_rotations_at_once_one_wins() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let old = make(&app, json!({ "name": "CI" })).await;
    let answers = join_all((0..4).map(|_| rotate(&app, &old, json!({})))).await;
    let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert_eq!(made, 1);
    assert!(answers.iter().all(|it| it.status.as_u16() == 201 || it.status.as_u16() == 409));
    let list = app.get(As::Root, KEYS).send().await.json_of(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_rotation_that_is_sent_again_gives_the_same_successor() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let old = make(&app, json!({ "name": "CI" })).await;
    let path = format!("{KEYS}/{}/rotate", text(&old["key_id"]));
    let send = || app.post(As::Root, &path).once("r").json(&json!({})).send();
    let first = send().await.json_of(201);
    assert_eq!(send().await.json_of(201), first);
}

#[tokio::test]
async fn an_api_key_never_manages_keys() {
    let app = TestApp::new().await;
    let key = onboard(&app, "acme").await;
    let me = || As::Key(key.clone());
    assert_eq!(app.get(me(), KEYS).send().await.refusal().0, 403);
    assert_eq!(app.post(me(), KEYS).json(&json!({ "name": "x" })).send().await.refusal().0, 403);
    let path = format!("{KEYS}/00000000-0000-7000-8000-000000000000");
    assert_eq!(app.delete(me(), &path).send().await.refusal().0, 403);
    let path = format!("{path}/rotate");
    assert_eq!(app.post(me(), &path).json(&json!({})).send().await.refusal().0, 403);
}

#[tokio::test]
async fn a_new_pepper_hashes_new_keys_and_old_keys_go_on() {
    let pepper = |text: &str| [("HASH_KEY".to_owned(), text.to_owned())].into();
    let (one, two) = ("1:".to_owned() + &"a".repeat(32), "2:".to_owned() + &"b".repeat(32));
    let options = Options { settings: pepper(&one), ..Options::default() };
    let app = TestApp::with(options).await;
    let old = Value::from(onboard(&app, "acme").await);
    let folder = app.folder.clone();
    drop(app);
    let both = format!("{one},{two}");
    let options = Options {
        settings: pepper(&both),
        folder: Some(Arc::clone(&folder)),
        ..Options::default()
    };
    let app = TestApp::with(options).await;
    // Another process draws other random bytes than the one before.
    app.state.ids.fill(&mut [0; 4096]);
    app.clock.advance(SignedDuration::from_secs(1));
    let new = make(&app, json!({ "name": "new" })).await["api_key"].clone();
    assert!(opens(&app, &old).await && opens(&app, &new).await);
    drop(app);
    let options = Options { settings: pepper(&two), folder: Some(folder), ..Options::default() };
    let app = TestApp::with(options).await;
    assert!(!opens(&app, &old).await && opens(&app, &new).await);
}
