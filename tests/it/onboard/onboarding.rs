//! Coming in: what is made, what is refused, what is the same when it is asked for again.

use convergence::{entities::Organization, org::OrgSlug, store::StoreExt as _, warehouse::Dataset};
use futures::future::join_all;
use http::StatusCode;
use integration_tests::{As, TestApp};
use jiff::SignedDuration;
use serde_json::json;

use super::{DRY_RUN, ONBOARD, onboard, pretty, request};

#[tokio::test]
async fn an_organization_comes_in_whole() {
    let app = TestApp::new().await;
    let answer = app.post(As::Root, ONBOARD).json(&request("Acme_1")).send().await.json_of(201);
    let hidden = ["/api_key", "/key/key_id", "/key/fingerprint"];
    insta::assert_snapshot!(pretty(&answer, &hidden), @r#"
    {
      "admin_email": "ada@mueller.example",
      "api_key": "…",
      "company_name": "Müller & Söhne",
      "country": "DE",
      "created_at": "2026-07-01T12:00:00Z",
      "currency": "EUR",
      "dataset": "acme_1_local",
      "fiscal_year_start_month": 4,
      "key": {
        "active": true,
        "created_at": "2026-07-01T12:00:00Z",
        "expires_at": null,
        "fingerprint": "…",
        "key_id": "…",
        "name": "first key",
        "revoked_at": null,
        "scopes": [
          "organization:read",
          "integrations:read",
          "integrations:write",
          "pipelines:run",
          "costs:read",
          "schedules:write"
        ],
        "successor": null
      },
      "language": "de",
      "org_slug": "Acme_1",
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
    let key = answer["api_key"].as_str().unwrap();
    assert!(key.starts_with("Acme_1_api_"));
    let mine = app.get(As::Key(key.to_owned()), "/api/v1/organizations/acme_1").send().await;
    assert_eq!(mine.json_of(200)["company_name"], "Müller & Söhne");
    let dataset = Dataset::Org(OrgSlug::parse("acme_1").unwrap());
    let tables = app.state.warehouse.describe(&dataset).await.unwrap();
    assert!(tables.contains_key("rejected_rows") && tables.contains_key("costs_daily"));
}

#[tokio::test]
async fn only_three_members_are_needed() {
    let app = TestApp::new().await;
    let body = json!({
        "org_slug": "runway", "company_name": "Société Générale", "admin_email": "a@b.example",
        "plan": "scale",
    });
    let answer = app.post(As::Root, ONBOARD).json(&body).send().await.json_of(201);
    assert_eq!(answer["subscription"]["plan"], "scale");
    assert_eq!((&answer["currency"], &answer["timezone"]), (&json!("USD"), &json!("UTC")));
}

#[tokio::test]
async fn names_in_any_script_are_welcome() {
    let app = TestApp::new().await;
    for name in ["株式会社", "شركة المثال", "Ћирилица д.о.о.", "O'Neil_& Sons", "  Ünïcode  ", "🦀"]
    {
        let body = json!({ "org_slug": "abc", "company_name": name, "admin_email": "a@b.example" });
        let _ = app.post(As::Root, DRY_RUN).json(&body).send().await.expect(200);
    }
    for name in ["", "   ", "a\u{0}b", "two\nlines", "\u{202e}evil", &"x".repeat(201)] {
        let body = json!({ "org_slug": "abc", "company_name": name, "admin_email": "a@b.example" });
        let answer = app.post(As::Root, DRY_RUN).json(&body).send().await;
        assert_eq!(answer.json_of(422)["details"][0]["field"], "company_name", "{name:?}");
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_made() {
    let app = TestApp::new().await;
    let answer = app.post(As::Root, DRY_RUN).json(&request("Acme")).send().await.json_of(200);
    insta::assert_snapshot!(pretty(&answer, &["/tables"]), @r#"
    {
      "dataset": "acme_local",
      "limits": {
        "concurrent_runs": 3,
        "history_months": 25,
        "providers": 6,
        "runs_per_day": 25,
        "runs_per_month": 750,
        "seats": 10
      },
      "org_slug": "Acme",
      "plan": "professional",
      "tables": "…",
      "trial_end": "2026-07-15T12:00:00Z"
    }
    "#);
    let org = OrgSlug::parse("acme").unwrap();
    let found = app.state.store.get(&Organization::key(&org)).await.unwrap();
    assert!(found.is_none());
    assert!(app.state.warehouse.dataset_labels(&Dataset::Org(org)).await.unwrap().is_none());
}

#[tokio::test]
async fn all_mistakes_are_said_at_once_by_both() {
    let app = TestApp::new().await;
    let body = json!({
        "org_slug": "no-hyphens",
        "company_name": "",
        "admin_email": "nobody@nowhere",
        "plan": "free",
        "currency": "eur",
        "country": "Germany",
        "language": "deutsch!",
        "timezone": "Europe/Atlantis",
        "fiscal_year_start_month": 13,
    });
    let dry = app.post(As::Root, DRY_RUN).json(&body).send().await.json_of(422);
    insta::assert_json_snapshot!(dry["details"], @r#"
    [
      {
        "field": "org_slug",
        "message": "an organization slug is 3 to 50 letters (a-z, A-Z), digits or `_`, not beginning with `_`"
      },
      {
        "field": "company_name",
        "message": "a name has 1 to 200 characters, in any script, and no control characters"
      },
      {
        "field": "admin_email",
        "message": "an e-mail address is written as name@company.example"
      },
      {
        "field": "plan",
        "message": "there is no such plan; it is one of starter, professional, scale, enterprise"
      },
      {
        "field": "currency",
        "message": "a currency is a code of ISO 4217 in capitals, as in EUR"
      },
      {
        "field": "country",
        "message": "a country is a code of ISO 3166-1 alpha-2 in capitals, as in DE"
      },
      {
        "field": "language",
        "message": "a language is a tag of BCP 47, as in en or pt-BR"
      },
      {
        "field": "timezone",
        "message": "a timezone is a name of the IANA database, as in Europe/Berlin"
      },
      {
        "field": "fiscal_year_start_month",
        "message": "a month is a number from 1 to 12"
      }
    ]
    "#);
    let real = app.post(As::Root, ONBOARD).json(&body).send().await.json_of(422);
    assert_eq!(real["details"], dry["details"]);
}

#[tokio::test]
async fn slugs_that_cannot_be_are_refused() {
    let app = TestApp::new().await;
    for slug in ["ab", "_abc", "a-b-c", "../etc", "admin", "Runs", "a b c", "Müller", "abc\n"] {
        let answer = app.post(As::Root, ONBOARD).json(&request(slug)).send().await;
        assert_eq!(answer.json_of(422)["details"][0]["field"], "org_slug", "{slug:?}");
    }
}

#[tokio::test]
async fn a_twin_in_another_case_is_taken() {
    let app = TestApp::new().await;
    onboard(&app, "Acme").await;
    for slug in ["Acme", "acme", "ACME"] {
        let (status, code, message) =
            app.post(As::Root, ONBOARD).json(&request(slug)).send().await.refusal();
        assert_eq!((status, code.as_str()), (409, "conflict"), "{message}");
        assert_eq!(app.post(As::Root, DRY_RUN).json(&request(slug)).send().await.refusal().0, 409);
    }
    let mut body = request("aCME");
    body["currency"] = json!("X");
    let dry = app.post(As::Root, DRY_RUN).json(&body).send().await.json_of(422);
    assert_eq!(dry["details"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_dataset_that_was_there_before_is_left_alone() {
    let app = TestApp::new().await;
    let dataset = Dataset::Org(OrgSlug::parse("acme").unwrap());
    let labels = [("owner".to_owned(), "somebody".to_owned())].into();
    app.state.warehouse.create_dataset(&dataset, &labels).await.unwrap();
    assert_eq!(app.post(As::Root, DRY_RUN).json(&request("acme")).send().await.refusal().0, 409);
    assert_eq!(app.post(As::Root, ONBOARD).json(&request("acme")).send().await.refusal().0, 409);
    assert_eq!(app.state.warehouse.dataset_labels(&dataset).await.unwrap(), Some(labels));
    let org = OrgSlug::parse("acme").unwrap();
    let now = app.state.clock.now();
    let found = app.state.store.find::<Organization>(&Organization::key(&org), now).await.unwrap();
    assert!(found.is_none(), "the slug is free again");
}

#[tokio::test]
async fn the_same_request_again_gives_the_same_key_and_makes_nothing() {
    let app = TestApp::new().await;
    let send = || app.post(As::Root, ONBOARD).once("k1").json(&request("acme")).send();
    let first = send().await.json_of(201);
    assert_eq!(send().await.json_of(201), first);
    let other = app.post(As::Root, ONBOARD).once("k1").json(&request("other")).send().await;
    assert_eq!(other.refusal().0, 409);
    let fresh = app.post(As::Root, ONBOARD).once("k2").json(&request("acme")).send().await;
    assert_eq!(fresh.refusal().0, 409);
    app.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(send().await.refusal().0, 409, "after a day the answer is gone, the slug is not");
}

#[tokio::test]
async fn a_refused_request_may_be_sent_again() {
    let app = TestApp::new().await;
    onboard(&app, "acme").await;
    let send = || app.post(As::Root, ONBOARD).once("k1").json(&request("ACME")).send();
    assert_eq!(send().await.refusal().0, 409);
    let again = send().await.refusal();
    assert!(again.2.contains("taken"), "{again:?}");
}

#[tokio::test]
async fn of_many_at_once_one_wins() {
    let app = TestApp::new().await;
    let slugs = ["acme", "Acme", "ACME", "aCmE"];
    let sent = slugs.map(|slug| app.post(As::Root, ONBOARD).json(&request(slug)).send());
    let answers: Vec<_> = join_all(sent).await.into_iter().map(|answer| answer.status).collect();
    let made = answers.iter().filter(|status| **status == StatusCode::CREATED).count();
    let taken = answers.iter().filter(|status| **status == StatusCode::CONFLICT).count();
    assert_eq!((made, taken), (1, 3), "{answers:?}");
}

#[tokio::test]
async fn many_at_once_with_one_idempotency_key_all_get_the_one_answer() {
    let app = TestApp::new().await;
    let sent = (0..4).map(|_| app.post(As::Root, ONBOARD).once("k").json(&request("acme")).send());
    let answers: Vec<_> = join_all(sent).await.into_iter().map(|it| it.json_of(201)).collect();
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn only_the_root_key_lets_in() {
    let app = TestApp::new().await;
    let key = onboard(&app, "acme").await;
    for caller in [As::Nobody, As::Key(key)] {
        for path in [ONBOARD, DRY_RUN] {
            let answer = app.post(caller.clone(), path).json(&request("other")).send().await;
            assert_eq!(answer.refusal().0, 401);
        }
        assert_eq!(app.get(caller, "/api/v1/organizations").send().await.refusal().0, 401);
    }
}

#[tokio::test]
async fn a_body_with_an_unknown_member_is_refused() {
    let app = TestApp::new().await;
    let mut body = request("acme");
    body["colour"] = json!("red");
    let (status, code, message) = app.post(As::Root, ONBOARD).json(&body).send().await.refusal();
    assert_eq!((status, code.as_str()), (422, "invalid"));
    assert!(message.contains("colour"), "{message}");
}

#[tokio::test]
async fn the_operator_sees_all_organizations_in_pages() {
    let app = TestApp::new().await;
    for slug in ["one_org", "two_org", "three_org"] {
        onboard(&app, slug).await;
    }
    let list = async |query: &str| {
        app.get(As::Root, &format!("/api/v1/organizations?{query}")).send().await.json_of(200)
    };
    let first = list("limit=2").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = list(&format!("limit=2&cursor={cursor}")).await;
    assert_eq!(second["next_cursor"], json!(null));
    let mut slugs: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["items"].as_array().unwrap())
        .map(|item| item["org_slug"].as_str().unwrap())
        .collect();
    slugs.sort_unstable();
    assert_eq!(slugs, ["one_org", "three_org", "two_org"]);
    assert_eq!(list("state=DELETED").await["items"], json!([]));
    let odd = app.get(As::Root, "/api/v1/organizations?state=GONE").send().await;
    assert_eq!(odd.refusal().0, 422);
}

#[tokio::test]
async fn anyone_may_see_the_plans() {
    let app = TestApp::new().await;
    let plans = app.get(As::Nobody, "/api/v1/plans").send().await.json_of(200);
    insta::assert_snapshot!(pretty(&plans["items"][1], &[]), @r#"
    {
      "description": "A growing company with several accounts and people who look at costs every day.",
      "limits": {
        "concurrent_runs": 3,
        "history_months": 25,
        "providers": 6,
        "runs_per_day": 25,
        "runs_per_month": 750,
        "seats": 10
      },
      "name": "professional",
      "trial": true
    }
    "#);
}
