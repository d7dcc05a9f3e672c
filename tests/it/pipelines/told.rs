//! What the log says of runs: alerts count it.

use integration_tests::TestApp;
use serde_json::{Value, json};

use super::http::{SAMPLE, tenant};
use crate::captured::Log;

fn ends(log: &Log) -> Vec<Value> {
    log.lines().into_iter().filter(|line| line["message"] == "run ended").collect()
}

#[tokio::test]
async fn a_run_that_ends_says_once_whose_it_was_and_how_it_ended() {
    let (app, log) = (TestApp::new().await, Log::default());
    let acme = tenant(&app, "acme").await;
    let guard = log.begin(None);
    let run = acme.import(SAMPLE, json!({ "source": "july" })).await;
    drop(guard);
    let [end] = ends(&log).try_into().expect("one line");
    let said = |name: &str| end[name].as_str().unwrap().to_owned();
    assert_eq!(said("run"), run["run_id"]);
    assert_eq!([said("org"), said("source")], ["acme", "focus/july"]);
    assert_eq!([said("pipeline"), said("status")], ["focus/cost/import", "COMPLETED"]);
}

#[tokio::test]
async fn a_run_that_fails_says_so_in_the_same_line() {
    let (app, log) = (TestApp::new().await, Log::default());
    let acme = tenant(&app, "acme").await;
    let guard = log.begin(None);
    acme.import(b"no,focus,file\n1,2,3\n", json!({})).await;
    drop(guard);
    let statuses: Vec<_> = ends(&log).into_iter().map(|end| end["status"].clone()).collect();
    assert_eq!(statuses, ["FAILED"]);
}
