//! What BigQuery's stand-in is repaired to do, as far as REST shows it.

use integration_tests::emulators::{self, BigQuery, needed, project};
use reqwest::Response;
use serde_json::{Value, json};

use super::{client, get};

async fn post(emulator: &BigQuery, project: &str, path: &str, body: &Value) -> Response {
    let url = format!("http://{}/bigquery/v2/projects/{project}/{path}", emulator.host());
    client().post(url).json(body).send().await.expect("an answer")
}

async fn query(emulator: &BigQuery, project: &str, text: &str) -> Value {
    let body = json!({"query": text, "useLegacySql": false});
    post(emulator, project, "queries", &body).await.json().await.expect("JSON")
}

#[tokio::test]
async fn bignumeric_columns_keep_eighteen_decimals() {
    let Some(emulator) = needed(emulators::bigquery().await) else { return };
    let project = project();
    let dataset = json!({"datasetReference": {"datasetId": "money"}});
    assert!(post(emulator, &project, "datasets", &dataset).await.status().is_success());
    let table = json!({
        "tableReference": {"tableId": "amounts"},
        "schema": {"fields": [
            {"name": "cost", "type": "BIGNUMERIC", "precision": "38", "scale": "18"},
        ]},
    });
    let made = post(emulator, &project, "datasets/money/tables", &table).await;
    assert!(made.status().is_success(), "{made:?}");
    let cost = "12345678901234567890.123456789012345678";
    let insert = format!("INSERT INTO money.amounts (cost) VALUES (BIGNUMERIC '{cost}')");
    query(emulator, &project, &insert).await;
    let rows = query(emulator, &project, "SELECT cost FROM money.amounts").await;
    assert_eq!(rows["rows"][0]["f"][0]["v"], cost, "{rows}");
}

#[tokio::test]
async fn a_job_id_is_used_once() {
    let Some(emulator) = needed(emulators::bigquery().await) else { return };
    let project = project();
    let job = json!({
        "jobReference": {"projectId": project, "jobId": "once"},
        "configuration": {"query": {"query": "SELECT 1", "useLegacySql": false}},
    });
    assert_eq!(post(emulator, &project, "jobs", &job).await.status(), 200);
    let again = post(emulator, &project, "jobs", &job).await;
    assert_eq!(again.status(), 409);
    let again: Value = again.json().await.expect("JSON");
    assert_eq!(again["error"]["errors"][0]["reason"], "duplicate", "{again}");
}

#[tokio::test]
async fn datasets_of_one_project_are_not_in_another() {
    let Some(emulator) = needed(emulators::bigquery().await) else { return };
    let (one, two) = (project(), project());
    let dataset = json!({"datasetReference": {"datasetId": "mine"}});
    assert!(post(emulator, &one, "datasets", &dataset).await.status().is_success());
    let of = |project: &str| {
        format!("http://{}/bigquery/v2/projects/{project}/datasets", emulator.host())
    };
    assert_eq!(get(&of(&one)).await["datasets"].as_array().expect("datasets").len(), 1);
    assert!(get(&of(&two)).await["datasets"].as_array().is_none_or(Vec::is_empty));
    let same = post(emulator, &two, "datasets", &dataset).await;
    assert!(same.status().is_success(), "another project may use the name: {same:?}");
}
