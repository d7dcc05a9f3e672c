//! Runs of any age: from the store for 90 days, from the ledgers before that.

use std::collections::BTreeSet;

use integration_tests::{As, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::http::{Tenant, tenant};

const GOOD: &[u8] =
    b"BilledCost,BillingCurrency,ChargePeriodStart\n1,USD,2026-05-01\nNaN,USD,2026-05-01\n";
const BAD: &[u8] = b"name,age\nbob,3\n";

async fn bootstrapped() -> TestApp {
    let app = TestApp::new().await;
    let _ = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({})).send().await.expect(200);
    app
}

/// A quarter on, with a plan that goes on.
async fn later(app: &TestApp) {
    app.clock.advance(SignedDuration::from_hours(24 * 91));
    let body = json!({ "plan": "starter", "status": "ACTIVE" });
    let path = "/api/v1/organizations/acme/subscription";
    let _ = app.put(As::Root, path).json(&body).send().await.expect(200);
}

fn id(run: &Value) -> String {
    run["run_id"].as_str().unwrap().to_owned()
}

/// Every page of the list, by the smallest pages there are; how many pages, and the ids.
async fn walk(acme: &Tenant<'_>, filter: &str) -> (usize, Vec<String>) {
    let (mut pages, mut ids, mut cursor) = (0, Vec::new(), String::new());
    loop {
        let page = acme.get(&format!("runs?limit=1{filter}{cursor}")).await;
        pages += 1;
        ids.extend(page["items"].as_array().unwrap().iter().map(id));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (pages, ids),
        }
    }
}

#[tokio::test]
async fn an_old_run_is_shown_with_its_steps_checks_and_rejected_rows() {
    let app = bootstrapped().await;
    let acme = tenant(&app, "acme").await;
    let young = acme.import(GOOD, json!({})).await;
    app.clock.advance(SignedDuration::from_hours(24 * 91));
    let old = acme.get(&format!("runs/{}", id(&young))).await;
    for same in [
        "run_id",
        "pipeline",
        "source",
        "status",
        "trigger",
        "requested_by",
        "created_at",
        "started_at",
        "ended_at",
        "attempts",
        "rejected_rows",
        "bytes",
        "rows",
        "error",
    ] {
        assert_eq!(old[same], young[same], "{same}");
    }
    // The clock of tests stands still, so nothing says which step began first.
    let states = |run: &Value| -> BTreeSet<String> {
        let steps = run["steps"].as_array().unwrap().iter();
        steps.map(|it| format!("{}{}{}", it["step_id"], it["status"], it["rows"])).collect()
    };
    assert_eq!(states(&old), states(&young));
    let broken = |run: &Value| {
        let checks = run["checks"].as_array().unwrap();
        checks.iter().filter(|check| check["passed"] == false).count()
    };
    assert!(broken(&old) > 3);
    assert_eq!(broken(&old), broken(&young));
    let rejected = acme.get(&format!("runs/{}/rejected-rows", id(&young))).await;
    assert_eq!(rejected["items"][0]["value"], "NaN");
    let events = acme.path(&format!("runs/{}/events", id(&young)));
    let events = app.get(As::Root, &events).send().await.expect(200);
    assert!(events.text().starts_with("event: end\n"), "{}", events.text());
}

#[tokio::test]
async fn lists_go_on_with_the_ledger_where_the_store_ends() {
    let app = bootstrapped().await;
    let acme = tenant(&app, "acme").await;
    let mut ids = Vec::new();
    for bytes in [GOOD, BAD, GOOD] {
        ids.insert(0, id(&acme.import(bytes, json!({ "force": true })).await));
        app.clock.advance(SignedDuration::from_hours(1));
    }
    assert_eq!(walk(&acme, "").await, (3, ids.clone()));
    later(&app).await;
    ids.insert(0, id(&acme.import(GOOD, json!({ "force": true })).await));
    assert_eq!(walk(&acme, "").await.1, ids);
    assert_eq!(walk(&acme, "&status=FAILED").await.1, [ids[2].clone()]);
    let of = walk(&acme, "&pipeline=focus/cost/import&status=COMPLETED").await;
    assert_eq!(of.1, [ids[0].clone(), ids[1].clone(), ids[3].clone()]);
    assert_eq!(walk(&acme, "&pipeline=gcp/cost/billing").await.1, Vec::<String>::new());
    let parent = format!("&parent={}", ids[3]);
    assert_eq!(walk(&acme, &parent).await.1, Vec::<String>::new());
}

#[tokio::test]
async fn an_old_run_is_nobody_elses_and_cannot_be_done_again_without_its_file() {
    let app = bootstrapped().await;
    let (acme, other) = (tenant(&app, "acme").await, tenant(&app, "other").await);
    let run = id(&acme.import(GOOD, json!({})).await);
    later(&app).await;
    for rest in ["", "/events", "/rejected-rows"] {
        let path = other.path(&format!("runs/{run}{rest}"));
        assert_eq!(app.get(As::Root, &path).send().await.refusal().0, 404, "{rest}");
    }
    assert_eq!(walk(&other, "").await.1, Vec::<String>::new());
    let retry = acme.path(&format!("runs/{run}/retry"));
    let refused = app.post(As::Root, &retry).json(&json!({})).send().await.refusal();
    assert_eq!(refused.0, 409);
    assert!(refused.2.contains("send the file anew"), "{}", refused.2);
}

/// Else a look at a list would wait for the warehouse.
#[tokio::test]
async fn who_does_not_ask_for_history_does_not_wait_for_the_warehouse() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    assert_eq!(acme.get("runs").await["next_cursor"], Value::Null);
    let unknown = acme.path("runs/019f1d8c-e200-7000-8000-000000000999");
    assert_eq!(app.get(As::Root, &unknown).send().await.refusal().0, 404);
    app.clock.advance(SignedDuration::from_hours(24 * 91));
    // Without a bootstrap there are no ledgers, which is no failure.
    assert_eq!(walk(&acme, "").await, (2, Vec::new()));
    assert_eq!(app.get(As::Root, &unknown).send().await.refusal().0, 404);
}
