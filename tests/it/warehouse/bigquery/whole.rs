//! From onboarding to costs over HTTP, on Google Cloud (BigQuery, Firestore, Cloud KMS) and on one
//! machine: the same file gives the same rows and the same answers.

use std::collections::BTreeMap;

use convergence::{
    org::OrgSlug,
    testing::content_hash,
    warehouse::{Dataset, Query},
};
use integration_tests::{
    As, Options, TestApp,
    emulators::{self, needed},
    kms::Kms,
};
use serde_json::{Value, json};

use crate::pipelines::http::{SAMPLE, tenant};

const RANGE: &str = "start_date=2024-09-01&end_date=2024-10-31";
const QUESTIONS: [&str; 3] = ["summary?", "timeseries?", "breakdown?group_by=ServiceName&"];

/// What can be seen in the end.
#[derive(Debug, PartialEq)]
struct Seen {
    ledgers: usize,
    hashes: Vec<String>,
    answers: Vec<Value>,
}

async fn whole(settings: BTreeMap<String, String>) -> Seen {
    let app = TestApp::with(Options { settings, ..Options::default() }).await;
    let bootstrap = app.post(As::Root, "/api/v1/admin/bootstrap").json(&json!({}));
    let report = bootstrap.send().await.json_of(200);
    let ledgers = report["created"].as_array().map_or(0, Vec::len);
    let acme = tenant(&app, "acme").await;
    // Twice: the second replaces the first.
    for _ in 0..2 {
        let run = acme.import(SAMPLE, json!({})).await;
        assert_eq!(run["status"], "COMPLETED", "{run:#}");
        assert_eq!(run["steps"][0]["rows"], 1000);
    }
    app.sweep().await;
    let (dataset, warehouse) =
        (Dataset::Org(OrgSlug::parse("acme").unwrap()), &*app.state.warehouse);
    let mut hashes = Vec::new();
    for table in ["focus_import", "costs_daily"] {
        hashes.push(content_hash(warehouse, &dataset, table).await.unwrap());
    }
    let runs = Query::new("runs", "from org_meta_pipeline_runs\nfilter org_slug == 'acme'");
    let history = warehouse.query(&Dataset::System, &runs).await.unwrap();
    assert!(history.batches.iter().any(|batch| batch.num_rows() > 1), "the outbox was delivered");
    let mut answers = Vec::new();
    for question in QUESTIONS {
        let path = format!("/api/v1/costs/acme/{question}{RANGE}");
        answers.push(known(app.get(As::Root, &path).send().await.json_of(200)));
    }
    Seen { ledgers, hashes, answers }
}

/// An answer without what is another every time.
fn known(answer: Value) -> Value {
    match answer {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| {
                !["cursor", "fresh", "run"].iter().any(|part| name.contains(part))
            });
            kept.map(|(name, value)| (name, known(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(known).collect(),
        other => other,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn google_cloud_and_one_machine_end_with_the_same_rows_and_answers() {
    let Some(warehouse) = needed(emulators::bigquery().await) else { return };
    let Some(store) = needed(emulators::firestore().await) else { return };
    let (kms, project) = (Kms::start().await, emulators::project());
    let url = format!("bigquery://{project}?location=US");
    let settings = [
        ("WAREHOUSE_URL", url.as_str()),
        ("BIGQUERY_EMULATOR_HOST", warehouse.host()),
        ("BIGQUERY_STORAGE_EMULATOR_HOST", warehouse.grpc()),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = settings.into_iter().chain(store.settings(&project)).chain(kms.settings());
    let google = whole(settings.collect()).await;
    let one_machine = whole(BTreeMap::new()).await;
    assert_eq!(google, one_machine);
    assert_eq!(google.answers[0]["totals"][0]["amount"], "20.52022672899");
}
