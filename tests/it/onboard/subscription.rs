//! Plans of organizations, set by the operator.

use integration_tests::{As, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::onboard;

const PATH: &str = "/api/v1/organizations/acme/subscription";

async fn put(app: &TestApp, body: Value) -> Value {
    app.put(As::Root, PATH).json(&body).send().await.json_of(200)
}

#[tokio::test]
async fn a_plan_brings_its_limits_unless_others_are_given() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let body = put(&app, json!({ "plan": "enterprise", "status": "ACTIVE" })).await;
    assert_eq!((&body["limits"]["seats"], &body["trial_end"]), (&json!(1000), &json!(null)));
    let limits = json!({
        "runs_per_day": 1, "runs_per_month": 2, "concurrent_runs": 1,
        "seats": 1, "providers": 1, "history_months": 1,
    });
    let asked = json!({ "plan": "starter", "status": "ACTIVE", "limits": limits });
    assert_eq!(put(&app, asked).await["limits"], limits);
    let profile = app.get(As::Root, "/api/v1/organizations/acme").send().await.json_of(200);
    assert_eq!(profile["usage"]["runs_per_day"], json!({ "used": 0, "limit": 1 }));
}

#[tokio::test]
async fn a_trial_keeps_its_end_and_then_suspends() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    app.clock.advance(SignedDuration::from_hours(24));
    let body = put(&app, json!({ "plan": "scale", "status": "TRIAL" })).await;
    assert_eq!(body["trial_end"], "2026-07-15T12:00:00Z");
    let longer = json!({ "plan": "scale", "status": "TRIAL", "trial_end": "2026-08-01T00:00:00Z" });
    assert_eq!(put(&app, longer).await["trial_end"], "2026-08-01T00:00:00Z");
    app.clock.advance(SignedDuration::from_hours(24 * 40));
    let profile = app.get(As::Root, "/api/v1/organizations/acme").send().await.json_of(200);
    assert_eq!(profile["subscription"]["status"], "SUSPENDED");
}

#[tokio::test]
async fn grace_begins_once_and_ends_after_seven_days() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let asked = json!({ "plan": "scale", "status": "PAST_DUE" });
    let first = put(&app, asked.clone()).await;
    app.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(put(&app, asked).await["grace_end"], first["grace_end"]);
    app.clock.advance(SignedDuration::from_hours(24 * 6));
    let profile = app.get(As::Root, "/api/v1/organizations/acme").send().await.json_of(200);
    assert_eq!(profile["subscription"]["status"], "SUSPENDED");
}

#[tokio::test]
async fn all_mistakes_are_said_at_once() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let limits = json!({
        "runs_per_day": 5, "runs_per_month": 2, "concurrent_runs": 0,
        "seats": 1, "providers": 1, "history_months": 1,
    });
    let asked = json!({
        "plan": "gold", "status": "ACTIVE", "limits": limits, "trial_end": "2026-08-01T00:00:00Z",
    });
    let answer = app.put(As::Root, PATH).json(&asked).send().await.json_of(422);
    insta::assert_json_snapshot!(answer["details"], @r#"
    [
      {
        "field": "plan",
        "message": "there is no such plan; it is one of starter, professional, scale, enterprise"
      },
      {
        "field": "limits.concurrent_runs",
        "message": "concurrent_runs is at least 1"
      },
      {
        "field": "limits.runs_per_month",
        "message": "runs_per_month is at least runs_per_day"
      },
      {
        "field": "trial_end",
        "message": "only a TRIAL has an end of its own"
      }
    ]
    "#);
    let odd = app.put(As::Root, PATH).json(&json!({ "plan": "scale", "status": "GOLD" }));
    assert_eq!(odd.send().await.json_of(422)["details"][0]["field"], "status");
}

#[tokio::test]
async fn only_the_operator_sets_it_and_only_where_there_is_one() {
    let app = TestApp::new().await;
    let key = onboard(&app, "acme").await;
    let asked = json!({ "plan": "scale", "status": "ACTIVE" });
    for caller in [As::Nobody, As::Key(key)] {
        assert_eq!(app.put(caller, PATH).json(&asked).send().await.refusal().0, 401);
    }
    let path = "/api/v1/organizations/nobody/subscription";
    assert_eq!(app.put(As::Root, path).json(&asked).send().await.refusal().0, 404);
}
