//! One trace from the request that asks for a run to the last line of its log.

use integration_tests::{As, TestApp};
use serde_json::{Value, json};

use crate::{
    captured::Log,
    pipelines::{IMPORT, SAMPLE, tenant},
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[tokio::test]
async fn a_runs_lines_are_in_the_trace_of_the_request_that_asked_for_it() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let body = json!({ "input": acme.upload("costs.csv", SAMPLE).await });
    let call = acme.asks(IMPORT, &body).header("traceparent", TRACEPARENT);
    let accepted = call.send().await.json_of(202);
    // The first message is lost; the sweep, whose own request has no trace, publishes again.
    let first = app.next_message().await.expect("a message");
    assert_eq!(first.attributes()["traceparent"], TRACEPARENT);
    app.clock.advance(jiff::SignedDuration::from_mins(3));
    app.sweep().await;
    let log = Log::default();
    let logging = log.begin(Some("a-project"));
    app.deliver().await;
    drop(logging);
    let lines = log.lines();
    let of_run =
        |line: &&Value| line["logging.googleapis.com/labels"]["run_id"] == accepted["run_id"];
    let ended = lines.iter().find(|line| line["message"] == "run ended").expect("a line");
    assert_eq!((&ended["status"], &ended["severity"]), (&json!("COMPLETED"), &json!("INFO")));
    assert!(lines.iter().filter(of_run).count() > 1, "{lines:#?}");
    for line in lines.iter().filter(of_run) {
        let trace = format!("projects/a-project/traces/{TRACE}");
        assert_eq!(line["logging.googleapis.com/trace"], trace.as_str(), "{line}");
        assert_eq!(line["logging.googleapis.com/labels"]["org_slug"], "acme");
    }
    let visit = lines.iter().find(|line| line.get("httpRequest").is_some()).expect("the push");
    assert!(visit.get("logging.googleapis.com/trace").is_none(), "{visit}");
}

#[tokio::test]
async fn another_try_is_of_the_request_that_asked_for_it() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let body = json!({ "input": acme.upload("costs.csv", b"a,b\n1,2\n").await });
    let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
    assert!(app.next_message().await.expect("a message").trace.is_none());
    let run_id = accepted["run_id"].as_str().expect("an id");
    let cancel = acme.path(&format!("runs/{run_id}/cancel"));
    let _ = app.post(As::Root, &cancel).send().await.expect(202);
    let retry = app.post(As::Root, &acme.path(&format!("runs/{run_id}/retry"))).json(&json!({}));
    let _ = retry.header("traceparent", TRACEPARENT).send().await.expect(202);
    let again = app.next_message().await.expect("a message");
    assert_eq!(again.attributes()["traceparent"], TRACEPARENT);
}
