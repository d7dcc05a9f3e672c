//! Jobs that BigQuery ends by itself, told by a server that says so.

use convergence::{
    org::OrgSlug,
    warehouse::{Dataset, Query, Warehouse as _, WarehouseError},
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::method};

use super::place::{open, settings};

fn id(request: &Request) -> String {
    let body: Value = request.body_json().unwrap();
    body["jobReference"]["jobId"].as_str().unwrap().to_owned()
}

/// Asks where every job ends for `reason`; returns what was said and the ids of the jobs.
async fn ask(reason: &'static str) -> (WarehouseError, Vec<String>) {
    let server = MockServer::start().await;
    let killed = move |request: &Request| {
        ResponseTemplate::new(200).set_body_json(json!({
            "jobReference": {"projectId": "p", "jobId": id(request), "location": "US"},
            "status": {
                "state": "DONE",
                "errorResult": {"reason": reason, "message": "it was killed"},
            },
        }))
    };
    Mock::given(method("POST")).respond_with(killed).mount(&server).await;
    let host = server.address().to_string();
    let warehouse = open(&settings("bigquery://p", &host, "127.0.0.1:9"));
    let acme = Dataset::Org(OrgSlug::parse("acme").unwrap());
    let error = warehouse.query(&acme, &Query::new("costs", "from costs")).await.unwrap_err();
    let sent = server.received_requests().await.unwrap();
    (error, sent.iter().map(id).collect())
}

#[tokio::test]
async fn a_reason_that_may_pass_is_tried_again_under_ids_of_their_own() {
    for reason in ["backendError", "stopped"] {
        let (error, ids) = ask(reason).await;
        let WarehouseError::Unavailable(cause) = error else { panic!("{error:?}") };
        assert_eq!(cause.to_string(), format!("BigQuery ended the job: {reason}: it was killed"));
        let first = &ids[0];
        assert_eq!(ids, [first.clone(), format!("{first}-2"), format!("{first}-3")]);
    }
}

#[tokio::test]
async fn a_mistake_of_ours_is_not() {
    for reason in ["invalidQuery", "bytesBilledLimitExceeded", "resourcesExceeded"] {
        let (error, ids) = ask(reason).await;
        assert!(matches!(error, WarehouseError::Query(_)), "{error:?}");
        assert_eq!(ids.len(), 1, "{reason}");
    }
}
