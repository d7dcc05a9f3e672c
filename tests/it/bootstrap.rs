//! The deployment's own dataset, over HTTP.

use std::{fs, sync::Arc};

use convergence::configs::Configs;
use integration_tests::{As, Options, TestApp};
use serde_json::{Value, json};
use tempfile::TempDir;

const PATH: &str = "/api/v1/admin/bootstrap";

async fn run(app: &TestApp, body: Value) -> Value {
    app.post(As::Root, PATH).json(&body).send().await.json_of(200)
}

async fn status(app: &TestApp) -> Value {
    app.get(As::Root, PATH).send().await.json_of(200)
}

fn count(report: &Value, list: &str) -> usize {
    report[list].as_array().unwrap().len()
}

/// The shipped configs but for `change`, in a folder.
fn configs(change: impl Fn(&str, String) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in Configs::embedded().below("") {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, change(path, text.to_owned())).unwrap();
    }
    folder
}

/// An app with such configs; over the files of an app before it, where there was one.
fn options(configs: &TempDir, folder: Option<Arc<TempDir>>) -> Options {
    let setting = ("CONFIG_DIR".to_owned(), configs.path().display().to_string());
    Options { settings: [setting].into(), folder, ..Options::default() }
}

/// Replaces a piece of one schema.
fn edit<'a>(table: &'a str, from: &'a str, to: &'a str) -> impl Fn(&str, String) -> String + 'a {
    move |path, text| {
        if path == format!("setup/bootstrap/schemas/{table}.json") {
            assert!(text.contains(from), "{text}");
            text.replace(from, to)
        } else {
            text
        }
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_made_and_makes_nothing() {
    let app = TestApp::new().await;
    let report = run(&app, json!({ "dry_run": true })).await;
    assert_eq!(count(&report, "created"), 15);
    let status = status(&app).await;
    assert_eq!((count(&status, "missing_tables"), &status["complete"]), (15, &json!(false)));
}

#[tokio::test]
async fn the_first_run_makes_fifteen_tables_and_the_second_changes_nothing() {
    let app = TestApp::new().await;
    let first = run(&app, json!({})).await;
    insta::assert_json_snapshot!(first, @r#"
    {
      "added_columns": {},
      "created": [
        "org_profiles",
        "org_api_keys",
        "org_subscriptions",
        "org_usage_quotas",
        "org_integration_credentials",
        "org_pipeline_configs",
        "org_scheduled_pipeline_runs",
        "org_pipeline_execution_queue",
        "org_meta_pipeline_runs",
        "org_meta_step_logs",
        "org_meta_dq_results",
        "org_audit_logs",
        "org_cost_tracking",
        "org_kms_keys",
        "org_idempotency_keys"
      ],
      "unchanged": [],
      "updated": []
    }
    "#);
    let second = run(&app, json!({})).await;
    assert_eq!(second["unchanged"], first["created"]);
    assert_eq!((count(&second, "created"), count(&second, "updated")), (0, 0));
    assert_eq!(status(&app).await["complete"], true);
}

#[tokio::test]
async fn concurrent_runs_all_end_well() {
    let app = TestApp::new().await;
    let runs = (0..4).map(|_| run(&app, json!({})));
    futures::future::join_all(runs).await;
    assert_eq!(status(&app).await["complete"], true);
}

#[tokio::test]
async fn a_schema_that_gained_a_column_gains_it_in_place() {
    let app = TestApp::new().await;
    run(&app, json!({})).await;
    let folder = app.folder.clone();
    drop(app);
    let field = r#"{ "name": "language","#;
    let grown = format!(r#"{{ "name": "nickname", "type": "STRING" }}, {field}"#);
    let configs = configs(edit("org_profiles", field, &grown));
    let app = TestApp::with(options(&configs, Some(folder))).await;
    assert_eq!(status(&app).await["missing_columns"], json!({ "org_profiles": ["nickname"] }));
    let report = run(&app, json!({})).await;
    assert_eq!(report["updated"], json!(["org_profiles"]));
    assert_eq!(report["added_columns"], json!({ "org_profiles": ["nickname"] }));
    assert_eq!(count(&report, "unchanged"), 14);
    assert_eq!(status(&app).await["complete"], true);
}

#[tokio::test]
async fn a_change_that_would_lose_data_is_refused_before_anything_is_made() {
    let app = TestApp::new().await;
    run(&app, json!({})).await;
    let folder = app.folder.clone();
    drop(app);
    let (text, number) =
        (r#""company_name", "type": "STRING""#, r#""company_name", "type": "INTEGER""#);
    let configs = configs(edit("org_profiles", text, number));
    let app = TestApp::with(options(&configs, Some(folder))).await;
    let answer = app.post(As::Root, PATH).json(&json!({})).send().await;
    insta::assert_json_snapshot!(answer.json()["details"], @r#"
    [
      {
        "field": "org_profiles.company_name",
        "message": "org_profiles.company_name: it is Required String and cannot become Required Integer"
      }
    ]
    "#);
    assert_eq!(answer.refusal().0, 422);
    assert_eq!(count(&status(&app).await, "incompatible"), 1);
}

#[tokio::test]
async fn a_partition_field_that_is_no_column_keeps_the_process_from_starting() {
    let (right, wrong) = (r#""partition_by": "created_at""#, r#""partition_by": "nowhere""#);
    let configs = configs(edit("org_audit_logs", right, wrong));
    let error = TestApp::open(options(&configs, None)).err().unwrap();
    insta::assert_snapshot!(error.to_string(), @"setup/bootstrap/schemas/org_audit_logs.json: it is partitioned by `nowhere`, which is none of its columns");
}

#[tokio::test]
async fn only_the_root_key_opens_it() {
    let app = TestApp::new().await;
    for caller in [As::Nobody, As::Key("acme_api_0000000000000000000000".to_owned())] {
        assert_eq!(app.get(caller.clone(), PATH).send().await.refusal().0, 401);
        let answer = app.post(caller, PATH).json(&json!({})).send().await;
        assert_eq!(answer.refusal().1, "unauthenticated");
    }
}

#[tokio::test]
async fn a_body_that_says_something_else_is_refused() {
    let app = TestApp::new().await;
    let answer = app.post(As::Root, PATH).json(&json!({ "dryrun": true })).send().await;
    assert_eq!(answer.refusal().0, 422);
    let answer = app.post(As::Root, PATH).body("{}").send().await;
    assert_eq!(answer.refusal().0, 415);
}
