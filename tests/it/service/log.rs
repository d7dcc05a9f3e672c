//! The lines that Cloud Logging reads.

use convergence::settings::CloudRun;
use serde_json::Value;

use crate::captured::Log;

/// What is logged in `work`, line by line.
fn lines(project: Option<&str>, work: impl FnOnce()) -> Vec<Value> {
    lines_on(CloudRun::default(), project, work)
}

fn lines_on(cloud_run: CloudRun, project: Option<&str>, work: impl FnOnce()) -> Vec<Value> {
    let log = Log::default();
    let logging = log.begin_on(cloud_run, project);
    work();
    drop(logging);
    log.lines()
}

#[test]
fn a_request_is_one_line_with_all_that_cloud_logging_knows() {
    let found = lines(Some("a-project"), || {
        let span = tracing::info_span!(
            "request",
            request_id = "01a20ccb",
            trace_id = "4bf92f3577b34da6a3ce929d0e0e4736",
            span_id = "00f067aa0ba902b7",
            trace_sampled = true,
            org_slug = tracing::field::Empty,
        );
        let _entered = span.enter();
        span.record("org_slug", "acme");
        tracing::info!(
            http.method = "GET",
            http.path = "/api/v1/costs/acme/summary",
            http.status = 200,
            http.latency_seconds = 0.012_345,
            http.address = "192.0.2.1",
            http.agent = "curl/8",
            rows = 3,
            "GET answered {}",
            200
        );
    });
    let mut line = found[0].clone();
    line["logging.googleapis.com/sourceLocation"] = "[place]".into();
    insta::assert_snapshot!(format!("{line:#}"), @r#"
    {
      "httpRequest": {
        "latency": "0.012345s",
        "remoteIp": "192.0.2.1",
        "requestMethod": "GET",
        "requestUrl": "/api/v1/costs/acme/summary",
        "status": 200,
        "userAgent": "curl/8"
      },
      "logging.googleapis.com/labels": {
        "environment": "production",
        "function": "costs",
        "org_slug": "acme",
        "request_id": "01a20ccb"
      },
      "logging.googleapis.com/sourceLocation": "[place]",
      "logging.googleapis.com/spanId": "00f067aa0ba902b7",
      "logging.googleapis.com/trace": "projects/a-project/traces/4bf92f3577b34da6a3ce929d0e0e4736",
      "logging.googleapis.com/trace_sampled": true,
      "message": "GET answered 200",
      "rows": 3,
      "severity": "INFO",
      "time": "2026-07-01T12:00:00Z"
    }
    "#);
}

#[test]
fn an_error_is_collected_by_error_reporting() {
    let found =
        lines(None, || tracing::error!(error_id = "01a2", cause = "no route", "request failed"));
    let line = &found[0];
    assert_eq!(line["severity"], "ERROR");
    assert_eq!(line["message"], "request failed");
    assert_eq!(line["error_id"], "01a2");
    assert!(line["@type"].as_str().expect("a type").ends_with(".ReportedErrorEvent"));
    assert_eq!(line["serviceContext"]["service"], "costs");
    let place = &line["logging.googleapis.com/sourceLocation"];
    assert!(place["file"].as_str().expect("a file").ends_with("log.rs"), "{place}");
    assert!(place["line"].is_string(), "Cloud Logging takes lines as texts");
}

#[test]
fn cloud_run_names_the_version_that_wrote_a_line() {
    let text = |text: &str| Some(text.to_owned());
    let service = CloudRun {
        service: text("convergence-costs"),
        revision: text("convergence-costs-00042-abc"),
        configuration: text("convergence-costs"),
        ..CloudRun::default()
    };
    let found = lines_on(service, None, || tracing::error!("request failed"));
    let mut labels = found[0]["logging.googleapis.com/labels"].clone();
    labels["service_context"] = found[0]["serviceContext"].clone();
    insta::assert_snapshot!(format!("{labels:#}"), @r#"
    {
      "configuration": "convergence-costs",
      "environment": "production",
      "function": "costs",
      "revision": "convergence-costs-00042-abc",
      "service": "convergence-costs",
      "service_context": {
        "service": "convergence-costs",
        "version": "convergence-costs-00042-abc"
      }
    }
    "#);
    let job = CloudRun {
        job: text("run-import"),
        execution: text("run-import-x7k"),
        ..CloudRun::default()
    };
    let found = lines_on(job, None, || tracing::error!("step failed"));
    assert_eq!(found[0]["serviceContext"]["service"], "run-import");
    assert_eq!(found[0]["logging.googleapis.com/labels"]["execution"], "run-import-x7k");
}

/// The trace of an inner span stands: a run belongs to the request that asked for it, whatever
/// request delivers it.
#[test]
fn a_run_is_of_the_trace_of_the_request_that_asked_for_it() {
    let found = lines(Some("p"), || {
        let _push = tracing::info_span!(
            "request",
            request_id = "push",
            trace_id = "aa",
            span_id = "ab",
            trace_sampled = false
        )
        .entered();
        let _run = tracing::info_span!(
            "run",
            run_id = "01a2",
            trace_id = "ba",
            span_id = "bb",
            trace_sampled = true
        )
        .entered();
        tracing::info!("step done");
    });
    let line = &found[0];
    assert_eq!(line["logging.googleapis.com/trace"], "projects/p/traces/ba");
    assert_eq!(line["logging.googleapis.com/spanId"], "bb");
    assert_eq!(line["logging.googleapis.com/trace_sampled"], true);
    assert_eq!(line["logging.googleapis.com/labels"]["request_id"], "push");
    assert_eq!(line["logging.googleapis.com/labels"]["run_id"], "01a2");
}

#[test]
fn levels_are_severities_and_a_trace_without_project_is_bare() {
    let found = lines(None, || {
        let _entered = tracing::info_span!("request", trace_id = "4bf9").entered();
        tracing::warn!("a");
        tracing::debug!("b");
        tracing::trace!("c");
    });
    let severities: Vec<_> = found.iter().map(|line| line["severity"].clone()).collect();
    assert_eq!(severities, ["WARNING", "DEBUG", "DEBUG"]);
    assert_eq!(found[0]["logging.googleapis.com/trace"], "4bf9");
    assert!(found[0].get("@type").is_none() && found[0].get("httpRequest").is_none());
}

#[test]
fn no_text_breaks_a_line() {
    let found =
        lines(None, || tracing::info!(cause = "a\n{\"severity\":\"EMERGENCY\"}", "b\nc\"d"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["message"], "b\nc\"d");
}

/// A field of ours cannot replace what the log itself says.
#[test]
fn a_field_cannot_forge_a_severity() {
    let found = lines(None, || tracing::info!(severity = "EMERGENCY", time = "1970", "x"));
    assert_eq!(found[0]["severity"], "INFO");
    assert_ne!(found[0]["time"], "1970");
}
