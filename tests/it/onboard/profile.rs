//! Profiles: read, changed, and hidden from everybody else.

use integration_tests::{As, TestApp};
use serde_json::json;

use super::{onboard, pretty};

const PATH: &str = "/api/v1/organizations/acme";

#[tokio::test]
async fn a_profile_shows_plan_and_usage() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let body = app.get(As::Root, PATH).send().await.json_of(200);
    insta::assert_snapshot!(pretty(&body, &[]), @r#"
    {
      "admin_email": "ada@mueller.example",
      "company_name": "Müller & Söhne",
      "country": "DE",
      "created_at": "2026-07-01T12:00:00Z",
      "currency": "EUR",
      "dataset": "acme_local",
      "fiscal_year_start_month": 4,
      "language": "de",
      "org_slug": "acme",
      "state": "ACTIVE",
      "subscription": {
        "grace_end": null,
        "limits": {
          "concurrent_runs": 3,
          "history_months": 25,
          "providers": 6,
          "runs_per_day": 25,
          "runs_per_month": 750,
          "seats": 10
        },
        "period_end": null,
        "plan": "professional",
        "status": "TRIAL",
        "trial_end": "2026-07-15T12:00:00Z"
      },
      "timezone": "Europe/Berlin",
      "usage": {
        "concurrent_runs": {
          "limit": 3,
          "used": 0
        },
        "day": "2026-07-01",
        "providers": {
          "limit": 6,
          "used": 0
        },
        "runs_per_day": {
          "limit": 25,
          "used": 0
        },
        "runs_per_month": {
          "limit": 750,
          "used": 0
        }
      }
    }
    "#);
}

#[tokio::test]
async fn what_is_given_changes_and_the_rest_stays() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let patch = json!({ "company_name": "Société Générale", "fiscal_year_start_month": 10 });
    let body = app.patch(As::Root, PATH).json(&patch).send().await.json_of(200);
    assert_eq!(body["company_name"], "Société Générale");
    assert_eq!((&body["fiscal_year_start_month"], &body["currency"]), (&json!(10), &json!("EUR")));
    assert_eq!(app.get(As::Root, PATH).send().await.json_of(200), body);
}

#[tokio::test]
async fn all_mistakes_are_said_and_nothing_changes() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let before = app.get(As::Root, PATH).send().await.json_of(200);
    let patch =
        json!({ "company_name": "Fine", "currency": "??", "timezone": "", "country": "de" });
    let answer = app.patch(As::Root, PATH).json(&patch).send().await.json_of(422);
    let fields: Vec<_> =
        answer["details"].as_array().unwrap().iter().map(|detail| &detail["field"]).collect();
    assert_eq!(fields, ["currency", "country", "timezone"]);
    let slug = app.patch(As::Root, PATH).json(&json!({ "org_slug": "other" })).send().await;
    assert_eq!(slug.refusal().0, 422);
    assert_eq!(app.get(As::Root, PATH).send().await.json_of(200), before);
}

#[tokio::test]
async fn a_key_reads_with_its_scope_and_never_changes() {
    let app = TestApp::new().await;
    let key = onboard(&app, "acme").await;
    let _ = app.get(As::Key(key.clone()), PATH).send().await.expect(200);
    let patch = json!({ "currency": "USD" });
    assert_eq!(app.patch(As::Key(key), PATH).json(&patch).send().await.refusal().0, 403);
    let narrow = json!({ "name": "costs", "scopes": ["costs:read"] });
    let made = app.post(As::Root, &format!("{PATH}/api-keys")).json(&narrow).send().await;
    let narrow = made.json_of(201)["api_key"].as_str().unwrap().to_owned();
    let (status, code, message) = app.get(As::Key(narrow), PATH).send().await.refusal();
    assert_eq!((status, code.as_str()), (403, "forbidden"));
    assert!(message.contains("organization:read"), "{message}");
    assert_eq!(app.get(As::Nobody, PATH).send().await.refusal().0, 401);
}

#[tokio::test]
async fn two_organizations_do_not_exist_for_each_other() {
    let app = TestApp::new().await;
    let (a, b) = (onboard(&app, "acme").await, onboard(&app, "zeta").await);
    let absent = app.get(As::Key(a.clone()), "/api/v1/organizations/nobody").send().await.refusal();
    for (key, other) in [(a, "zeta"), (b, "acme")] {
        for path in ["", "/api-keys", "/audit"] {
            let path = format!("/api/v1/organizations/{other}{path}");
            assert_eq!(app.get(As::Key(key.clone()), &path).send().await.refusal(), absent);
        }
        let path = format!("/api/v1/organizations/{other}");
        let change = app.patch(As::Key(key.clone()), &path).json(&json!({ "currency": "USD" }));
        assert_eq!(change.send().await.refusal(), absent);
        let path = format!("{path}/api-keys");
        let create = app.post(As::Key(key), &path).json(&json!({ "name": "mine" }));
        assert_eq!(create.send().await.refusal(), absent);
    }
}

#[tokio::test]
async fn paths_that_are_no_slug_are_not_found() {
    let app = TestApp::new().await;
    for slug in ["..%2Facme", "a-b-c", "ab", "%00%00%00", "admin"] {
        let path = format!("/api/v1/organizations/{slug}");
        assert_eq!(app.get(As::Root, &path).send().await.refusal().0, 404, "{slug}");
    }
}
