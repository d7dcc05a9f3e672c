//! The pipeline `gcp/cost/billing`, from an upload to costs.

use integration_tests::{As, TestApp};
use serde_json::{Value, json};

use super::{SAMPLE, sample::TOTALS};

/// An app with an organization, and its key.
async fn acme() -> (TestApp, As) {
    let app = TestApp::new().await;
    let body = json!({ "org_slug": "acme", "company_name": "Acme", "admin_email": "a@b.example" });
    let call = app.post(As::Root, "/api/v1/organizations/onboard").json(&body);
    let answer = call.send().await.json_of(201);
    let key = As::Key(answer["api_key"].as_str().unwrap().to_owned());
    (app, key)
}

/// Imports a file into months that hold none; returns the run at its end.
async fn import(app: &TestApp, key: &As, bytes: Vec<u8>) -> Value {
    import_with(app, key, bytes, json!({})).await
}

/// Imports a file; returns the run at its end.
async fn import_with(app: &TestApp, key: &As, bytes: Vec<u8>, mut body: Value) -> Value {
    let at = |rest: &str| format!("/api/v1/pipelines/acme/{rest}");
    let name = json!({ "file_name": "export.csv" });
    let started = app.post(key.clone(), &at("uploads")).json(&name).send().await.json_of(201);
    let put = app.put(key.clone(), started["url"].as_str().unwrap()).body(bytes);
    assert_eq!(put.send().await.status, 200);
    let path = "/api/v1/pipelines/run/acme/gcp/cost/billing";
    body["input"] = started["input"].clone();
    let accepted = app.post(key.clone(), path).json(&body).send().await.json_of(202);
    app.deliver().await;
    let run = at(&format!("runs/{}", accepted["run_id"].as_str().unwrap()));
    app.get(key.clone(), &run).send().await.json_of(200)
}

async fn costs(app: &TestApp, key: &As, rest: &str) -> Value {
    let path = format!("/api/v1/costs/acme/{rest}&start_date=2026-03-01&end_date=2026-05-31");
    app.get(key.clone(), &path).send().await.json_of(200)
}

#[tokio::test]
async fn the_sample_comes_in_exactly_and_its_oddities_are_findings() {
    let (app, key) = acme().await;
    let run = import(&app, &key, std::fs::read(SAMPLE).unwrap()).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    assert_eq!(run["rejected_rows"], 0);
    let steps = run["steps"].as_array().unwrap();
    let rows = |id: &str| steps.iter().find(|step| step["step_id"] == id).unwrap()["rows"].clone();
    assert_eq!((rows("extract"), rows("to_focus")), (json!(671), json!(671)));

    let path = "breakdown?group_by=x_billing_month,x_source_id&sort=currency&limit=100";
    let found = costs(&app, &key, path).await["items"].clone();
    for (month, currency, cost, credits) in TOTALS {
        let month = format!("{}-{}-01", &month[..4], &month[4..]);
        let of = |item: &&Value| {
            item["group"]["x_billing_month"] == month.as_str() && item["currency"] == currency
        };
        let decimal = |text: &str| text.parse::<convergence::decimal::Decimal>().unwrap();
        let total = decimal(cost).checked_add(decimal(credits)).unwrap();
        let item = found.as_array().unwrap().iter().find(of).unwrap();
        assert_eq!(item["amount"], total.to_string().as_str(), "{month} {currency}");
        assert_eq!(item["group"]["x_source_id"], "gcp/default");
    }

    let quality = costs(&app, &key, "quality?").await;
    assert_eq!(quality["sources"][0]["rows"], 671);
    let findings = run["findings"].to_string();
    for odd in ["roundoff", "SUSTAINED_USE_DISCOUNT", "SUSTAINED_USAGE", "CREDIT"] {
        assert!(findings.contains(odd), "{odd}: {:#}", run["findings"]);
    }
    assert!(!findings.contains("billed cost of"), "it reconciles: {:#}", run["findings"]);
    let told = run["findings"].as_array().unwrap().iter();
    let told = told.map(|it| format!("{} × {}", it["count"], it["code"].as_str().unwrap()));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    135 × quality_accepted
    671 × quality_accepted
    73 × quality_accepted
    27 × quality_accepted
    371 × quality_focus_never_null
    10 × quality_focus_charge_in_billing_period
    96 × quality_focus_SkuId-C-004
    "#);
    let reconciled = quality["reconciliation"].as_array().unwrap();
    assert_eq!(reconciled.len(), TOTALS.len());
    for period in reconciled {
        assert_eq!((&period["difference"], &period["passed"]), (&json!("0"), &json!(true)));
        assert_eq!(period["provider"], period["ours"]);
    }
}

#[tokio::test]
async fn a_file_replaces_the_days_that_it_has_and_no_others() {
    let (app, key) = acme().await;
    let file = |rows: &[(&str, &str)]| {
        let header = "cost,currency,usage_start_time,invoice_month,cost_type\n".to_owned();
        let row =
            |(day, cost): &(&str, &str)| format!("{cost},USD,{day}T01:00:00Z,202604,regular\n");
        (header + &rows.iter().map(row).collect::<Vec<_>>().concat()).into_bytes()
    };
    let first = file(&[("2026-04-01", "1"), ("2026-04-02", "2"), ("2026-04-30", "4")]);
    assert_eq!(import(&app, &key, first).await["status"], "COMPLETED");
    let later = file(&[("2026-04-02", "20"), ("2026-04-03", "8")]);
    let refused = import(&app, &key, later.clone()).await;
    assert_eq!(refused["error"]["code"], "scope_conflict", "{refused:#}");
    let run = import_with(&app, &key, later, json!({ "force": true })).await;
    assert_eq!(run["status"], "COMPLETED", "{run:#}");
    let totals = costs(&app, &key, "summary?").await["totals"].clone();
    assert_eq!(totals[0]["amount"], "33");
    assert_eq!(totals[0]["rows"], 4);
}

#[tokio::test]
async fn what_is_no_export_fails_and_stores_nothing() {
    let (app, key) = acme().await;
    let run = import(&app, &key, b"BilledCost,BillingCurrency\n1,USD\n".to_vec()).await;
    assert_eq!(run["status"], "FAILED", "{run:#}");
    assert!(run.to_string().contains("usage_start_time"), "{run:#}");
    assert_eq!(costs(&app, &key, "summary?").await["totals"], json!([]));
}
