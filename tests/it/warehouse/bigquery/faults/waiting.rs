//! Jobs that take their time, which the emulator's never do: each call meets a fault once.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use convergence::{
    org::OrgSlug,
    warehouse::{Dataset, Query, Warehouse as _},
};
use integration_tests::faults::{Fault, Faults};
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path_regex},
};

use super::{
    super::{
        asked::{job, slow},
        place::{open, settings},
    },
    calls::is,
};

const FAULTS: [Fault; 2] = [Fault::THROTTLED, Fault::UNAVAILABLE];

#[tokio::test]
async fn an_answer_that_is_waited_for_survives_a_fault_of_each_call() {
    for n in 0..5 {
        for fault in FAULTS {
            let server = slow(1).await;
            let faults = Faults::before(&server.address().to_string()).await;
            faults.nth("", n, fault);
            let warehouse = open(&settings("bigquery://p", faults.host(), "127.0.0.1:9"));
            let acme = Dataset::Org(OrgSlug::parse("acme").unwrap());
            let answer = warehouse.query(&acme, &Query::new("costs", "from costs")).await.unwrap();
            assert_eq!(answer.batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 2);
            assert_eq!((faults.injected(), faults.calls().len()), (1, 6), "{fault:?} at {n}");
        }
    }
}

/// A project where a dead writer's job runs until it is stopped.
async fn running() -> MockServer {
    let server = MockServer::start().await;
    let of = |verb: &str, path: &str| Mock::given(method(verb)).and(path_regex(path.to_owned()));
    let reason = json!({ "error": { "code": 409, "message": "Already Exists", "status": "ALREADY_EXISTS",
        "errors": [{ "reason": "duplicate" }] } });
    let there = ResponseTemplate::new(409).set_body_json(reason);
    of("POST", "/jobs$").respond_with(there).mount(&server).await;
    let answer = |state: &'static str| {
        move |request: &wiremock::Request| {
            let mut job = job(request, state);
            if state == "DONE" {
                job["status"]["errorResult"] = json!({ "reason": "stopped", "message": "stopped" });
            }
            ResponseTemplate::new(200).set_body_json(job)
        }
    };
    of("GET", "/jobs/[^/]+$").respond_with(answer("RUNNING")).up_to_n_times(1).mount(&server).await;
    of("GET", "/jobs/[^/]+$").respond_with(answer("DONE")).mount(&server).await;
    let stopped = ResponseTemplate::new(200).set_body_json(json!({ "kind": "k" }));
    of("POST", "/cancel$").respond_with(stopped).mount(&server).await;
    let not_yet = ResponseTemplate::new(200).set_body_json(json!({ "jobComplete": false }));
    of("GET", "/queries/[^/]+$").respond_with(not_yet).mount(&server).await;
    server
}

#[tokio::test]
async fn a_job_that_runs_is_stopped_whatever_call_fails_once() {
    let mut met = BTreeSet::new();
    for n in 0..5 {
        for fault in FAULTS {
            let server = running().await;
            let faults = Faults::before(&server.address().to_string()).await;
            faults.nth("", n, fault);
            let warehouse = open(&settings("bigquery://p", faults.host(), "127.0.0.1:9"));
            assert!(!warehouse.spoil("replace-1").await.unwrap(), "it was stopped");
            assert_eq!((faults.injected(), faults.calls().len()), (1, 6), "{fault:?} at {n}");
            met.extend(faults.calls());
        }
    }
    assert!(met.iter().any(|call| is(call, "POST /bigquery/v2/projects/*/jobs/*/cancel")));
}
