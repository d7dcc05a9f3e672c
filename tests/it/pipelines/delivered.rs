//! Files as they are delivered: without their version, in two currencies, cut off on the way.

use std::io::Write as _;

use convergence::warehouse::Query;
use flate2::{Compression, write::GzEncoder};
use integration_tests::{As, TestApp};
use serde_json::json;

use super::{
    IMPORT,
    http::{file, tenant},
};

#[tokio::test]
async fn a_version_that_the_columns_do_not_show_can_be_said() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let sample = include_bytes!("../../data/focus/focus-1.2.csv");
    let kept = async || {
        let text = "from focus_import\nselect {x_focus_version}\ntake 1\n";
        let query = Query::new("test", text);
        let answer = app.state.warehouse.query(&acme.dataset(), &query).await.unwrap();
        convergence::testing::lines(&answer.batches).unwrap().join("")
    };
    assert_eq!(acme.import(sample, json!({})).await["status"], "COMPLETED");
    assert_eq!(kept().await, "1.0");
    let run = acme.import(sample, json!({ "focus_version": "1.2" })).await;
    assert_eq!((run["status"].as_str(), kept().await.as_str()), (Some("COMPLETED"), "1.2"));
    let retry = acme.path(&format!("runs/{}/retry", run["run_id"].as_str().unwrap()));
    let _ = app.post(acme.by(), &retry).json(&json!({})).send().await.expect(202);
    app.deliver().await;
    assert_eq!(kept().await, "1.2", "another try remembers");
    let body = json!({ "input": run["input"], "focus_version": "2.0" });
    let answer = acme.asks(IMPORT, &body).send().await;
    assert_eq!(answer.refusal().0, 422);
    assert!(answer.text().contains("`2.0` is none of 1.0, 1.1"), "{}", answer.text());
}

#[tokio::test]
async fn two_currencies_are_told_and_a_file_that_ends_early_leaves_what_was() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let mut both = file("2026-05", &["1"]);
    both.extend(b"2,EUR,2026-05-01,2026-12-31,2026-05-05,2026-05-06,Usage,Disk,Storage,1,1,1\n");
    let run = acme.import(&both, json!({})).await;
    let findings = run["findings"].as_array().unwrap();
    let told = findings.iter().find(|it| it["code"] == "several_currencies").expect("told");
    assert_eq!(told["message"], "the file is in EUR, USD; no total adds them up");
    assert_eq!((&told["count"], &told["severity"]), (&json!(2), &json!("notice")));

    let before = acme.hash().await;
    let costs: Vec<_> = (0..60_000).map(|cost| cost.to_string()).collect();
    let costs: Vec<_> = costs.iter().map(String::as_str).collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&file("2026-05", &costs)).unwrap();
    let mut cut = gzip.finish().unwrap();
    cut.truncate(cut.len() * 9 / 10);
    let run = acme.import(&cut, json!({ "force": true })).await;
    assert_eq!((&run["status"], &run["error"]["code"]), (&json!("FAILED"), &json!("unreadable")));
    let message = run["error"]["message"].as_str().unwrap();
    assert!(message.contains("the gzipped data ends early"), "{message}");
    assert!(run["steps"][0]["bytes"].as_u64() > Some(1 << 20), "good rows were read: {run:#}");
    assert_eq!(acme.hash().await, before, "the old rows are as they were");
    let usage = app.get(As::Root, "/api/v1/organizations/acme").send().await.json_of(200);
    assert_eq!(usage["usage"]["concurrent_runs"]["used"], 0);
}
