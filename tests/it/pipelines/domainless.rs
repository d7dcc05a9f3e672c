//! Pipelines of a folder of configs: one whose domain is empty, one over days.

use std::fs;

use convergence::configs::Configs;
use integration_tests::{As, Options, TestApp};
use serde_json::{Value, json};

use super::http::{Tenant, file, tenant};

/// Rows of days, from a file that nobody brings here: only what a run would check counts.
const DAILY: &str = "description: Daily sums of imported files\nprovider: focus\n\
    parameters: { start_date: { type: date }, end_date: { type: date } }\n\
    window: { unit: month, max: 1 }\n\
    steps:\n  - { id: sum, processor: rollup, from: focus_import, into: costs_daily }\n";

/// An app over the shipped configs and these two, in which an upload may have few bytes.
async fn app() -> TestApp {
    let folder = std::sync::Arc::new(tempfile::tempdir().unwrap());
    let configs = folder.path().join("configs");
    let shipped = Configs::embedded();
    let import = shipped.get("focus/cost/import.yml").unwrap();
    let own = [("focus/import.yml", import), ("focus/daily.yml", DAILY)];
    for (path, text) in shipped.below("").chain(own) {
        let path = configs.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let settings =
        [("CONFIG_DIR", configs.display().to_string()), ("UPLOAD_MAX_BYTES", "2000".to_owned())];
    let settings = settings.map(|(name, value)| (name.to_owned(), value)).into();
    TestApp::with(Options { settings, folder: Some(folder), ..Options::default() }).await
}

async fn checked(app: &TestApp, acme: &Tenant<'_>, pipeline: &str, body: &Value) -> (u16, Value) {
    let path = format!("/api/v1/validator/pipelines/acme/{pipeline}");
    let answer = app.post(acme.by(), &path).json(body).send().await;
    (answer.status.as_u16(), answer.json())
}

#[tokio::test]
async fn a_pipeline_whose_domain_is_empty_is_checked_and_run() {
    let app = app().await;
    let acme = tenant(&app, "acme").await;
    let body = json!({ "input": acme.upload("a.csv", &file("2026-05", &["1.5"])).await });
    let (status, fine) = checked(&app, &acme, "focus/import", &body).await;
    assert_eq!((status, &fine["pipeline"]), (200, &json!("focus/import")), "{fine}");
    assert_eq!(checked(&app, &acme, "focus/import", &json!({})).await.0, 422);
    assert_eq!(acme.asks("focus/import", &json!({})).send().await.refusal().0, 422);
    let accepted = acme.asks("focus/import", &body).once("k").send().await.json_of(202);
    let again = acme.asks("focus/import", &body).once("k").send().await.json_of(202);
    assert_eq!(accepted, again);
    app.deliver().await;
    let run = acme.get(&format!("runs/{}", accepted["run_id"].as_str().unwrap())).await;
    let told = (&run["status"], &run["pipeline"], &run["rows"]);
    assert_eq!(told.0, "COMPLETED", "{run:#}");
    assert_eq!(told.1, "focus/import");
    assert!(told.2.as_u64() > Some(0));
}

#[tokio::test]
async fn what_would_be_accepted_is_not_refused_by_the_check() {
    let app = app().await;
    let acme = tenant(&app, "acme").await;
    let limits = json!({
        "runs_per_day": 50, "runs_per_month": 500, "concurrent_runs": 1, "seats": 5, "providers": 5,
        "history_months": 12,
    });
    let plan = json!({ "plan": "starter", "status": "ACTIVE", "limits": limits });
    let path = "/api/v1/organizations/acme/subscription";
    let _ = app.put(As::Root, path).json(&plan).send().await.expect(200);
    let one = json!({ "start_date": "2026-05-01", "end_date": "2026-05-31" });
    let three = json!({ "start_date": "2026-03-01", "end_date": "2026-05-31" });
    let accepted = acme.asks("focus/daily", &one).send().await.json_of(202);
    // The only slot is taken: another run has to wait outside, a backfill takes its turn.
    assert_eq!(checked(&app, &acme, "focus/daily", &one).await.0, 429);
    assert_eq!(acme.asks("focus/daily", &one).send().await.refusal().0, 429);
    let (status, fine) = checked(&app, &acme, "focus/daily", &three).await;
    assert_eq!((status, &fine["runs"]), (200, &json!(3)), "{fine}");
    let backfill = acme.asks("focus/daily", &three).send().await.json_of(202);
    assert_ne!(backfill["run_id"], accepted["run_id"]);
    let ended = json!({ "plan": "starter", "status": "SUSPENDED" });
    let _ = app.put(As::Root, path).json(&ended).send().await.expect(200);
    assert_eq!(checked(&app, &acme, "focus/daily", &three).await.0, 403);
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_refused_and_the_same_upload_takes_a_smaller_file() {
    let app = app().await;
    let acme = tenant(&app, "acme").await;
    let call = app.post(acme.by(), &acme.path("uploads")).json(&json!({ "file_name": "a.csv" }));
    let started = call.send().await.json_of(201);
    assert_eq!(started["max_bytes"], 2000);
    let url = started["url"].as_str().unwrap();
    let put = |bytes: usize| app.put(acme.by(), url).body(vec![b'x'; bytes]);
    let (status, code, message) = put(2001).send().await.refusal();
    assert_eq!((status, code.as_str()), (413, "too_large"), "{message}");
    assert!(message.contains("2000 bytes"), "{message}");
    let body = json!({ "input": started["input"] });
    assert_eq!(acme.asks("focus/import", &body).send().await.refusal().0, 422, "nothing is kept");
    assert_eq!(put(2000).send().await.json_of(200)["bytes"], 2000);
}
