//! The pipeline `saas/cost/subscriptions`: subscriptions show in costs, exactly, however often it runs.

use convergence::{org::OrgSlug, testing::content_hash, warehouse::Dataset};
use integration_tests::{As, TestApp};
use serde_json::{Value, json};

use super::http::{acme, keep, slack};

async fn run(app: &TestApp, key: &As, start: &str, end: &str) -> Value {
    let path = "/api/v1/pipelines/run/acme/saas/cost/subscriptions";
    let body = json!({ "start_date": start, "end_date": end });
    let accepted = app.post(key.clone(), path).json(&body).send().await.json_of(202);
    app.deliver().await;
    let run = format!("/api/v1/pipelines/acme/runs/{}", accepted["run_id"].as_str().unwrap());
    app.get(key.clone(), &run).send().await.json_of(200)
}

async fn total(app: &TestApp, key: &As, cost: &str, days: (&str, &str)) -> Value {
    let path =
        format!("/api/v1/costs/acme/summary?cost={cost}&start_date={}&end_date={}", days.0, days.1);
    app.get(key.clone(), &path).send().await.json_of(200)["totals"].clone()
}

async fn hash(app: &TestApp, table: &str) -> String {
    let dataset = Dataset::Org(OrgSlug::parse("acme").unwrap());
    content_hash(&*app.state.warehouse, &dataset, table).await.unwrap()
}

#[tokio::test]
async fn a_month_is_billed_on_its_day_and_used_day_by_day() {
    let (app, key) = acme().await;
    let _ = keep(&app, &key, &slack()).await;
    let done = run(&app, &key, "2026-05-01", "2026-06-14").await;
    assert_eq!(done["status"], "COMPLETED", "{done:#}");
    assert_eq!(done["findings"], json!([]), "FOCUS has nothing against it");
    let of = |totals: &Value| totals[0]["amount"].clone();
    let all = ("2026-05-01", "2026-06-14");
    for cost in ["billed", "effective", "contracted", "list"] {
        assert_eq!(of(&total(&app, &key, cost, all).await), "125", "{cost}");
    }
    let day = ("2026-05-15", "2026-05-15");
    assert_eq!(of(&total(&app, &key, "billed", day).await), "125");
    assert_eq!(of(&total(&app, &key, "effective", day).await), "4.032258064516129032");
    let next = ("2026-05-16", "2026-05-16");
    assert_eq!(of(&total(&app, &key, "billed", next).await), "0");
}

#[tokio::test]
async fn run_again_it_writes_the_same_rows_and_after_a_change_only_what_changed() {
    let (app, key) = acme().await;
    let kept = keep(&app, &key, &slack()).await;
    let _ = run(&app, &key, "2026-05-01", "2026-06-30").await;
    let before = (hash(&app, "focus_saas").await, hash(&app, "costs_daily").await);
    for _ in 0..2 {
        let _ = run(&app, &key, "2026-05-01", "2026-06-30").await;
        assert_eq!((hash(&app, "focus_saas").await, hash(&app, "costs_daily").await), before);
    }
    let path = format!(
        "/api/v1/integrations/acme/saas/subscriptions/{}",
        kept["subscription_id"].as_str().unwrap()
    );
    let more = json!({ "effective_date": "2026-06-15", "seats": 20, "price": "12.50", "cycle": "monthly", "plan": "Business+" });
    let _ = app.put(key.clone(), &path).json(&more).send().await.expect(200);
    let _ = run(&app, &key, "2026-06-15", "2026-06-30").await;
    let june = ("2026-06-15", "2026-06-15");
    assert_eq!(total(&app, &key, "billed", june).await[0]["amount"], "250");
    let may = ("2026-05-01", "2026-06-14");
    assert_eq!(total(&app, &key, "effective", may).await[0]["amount"], "125");
}

#[tokio::test]
async fn a_forgotten_subscription_leaves_costs_with_the_next_run_which_says_so() {
    let (app, key) = acme().await;
    let kept = keep(&app, &key, &slack()).await;
    let _ = run(&app, &key, "2026-05-01", "2026-05-31").await;
    let path = format!(
        "/api/v1/integrations/acme/saas/subscriptions/{}",
        kept["subscription_id"].as_str().unwrap()
    );
    let _ = app.delete(key.clone(), &path).send().await.expect(204);
    let empty = run(&app, &key, "2026-05-01", "2026-05-31").await;
    assert_eq!(empty["status"], "COMPLETED");
    assert_eq!(empty["findings"][0]["code"], "no_rows");
    assert_eq!(total(&app, &key, "billed", ("2026-05-01", "2026-05-31")).await, json!([]));
}

#[tokio::test]
async fn each_currency_is_its_own_total_and_only_one_source_is_taken() {
    let (app, key) = acme().await;
    let _ = keep(&app, &key, &slack()).await;
    let mut euros = slack();
    (euros["currency"], euros["price"], euros["discount_percent"]) =
        (json!("EUR"), json!("9.99"), json!("12.5"));
    let _ = keep(&app, &key, &euros).await;
    let _ = run(&app, &key, "2026-05-15", "2026-06-14").await;
    let billed = total(&app, &key, "billed", ("2026-05-15", "2026-06-14")).await;
    let of = |at: usize| (billed[at]["currency"].clone(), billed[at]["amount"].clone());
    assert_eq!(of(0), (json!("EUR"), json!("87.4125")));
    assert_eq!(of(1), (json!("USD"), json!("125")));
    let list = total(&app, &key, "list", ("2026-05-15", "2026-06-14")).await;
    assert_eq!(list[0]["amount"], "99.9");

    let path = "/api/v1/pipelines/run/acme/saas/cost/subscriptions";
    let body = json!({ "date": "2026-05-15", "source": "other" });
    let accepted = app.post(key.clone(), path).json(&body).send().await.json_of(202);
    app.deliver().await;
    let run = format!("/api/v1/pipelines/acme/runs/{}", accepted["run_id"].as_str().unwrap());
    let failed = app.get(key.clone(), &run).send().await.json_of(200);
    assert_eq!(failed["error"]["code"], "source_unknown", "{failed:#}");
}
