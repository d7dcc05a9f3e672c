//! Faults before a REST API.

use convergence::http::outgoing;
use integration_tests::faults::{Fault, Faults};
use reqwest::Client;
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// A service that answers everything with `done`, behind a proxy.
async fn world() -> (MockServer, Faults, Client) {
    let service = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_string("done"))
        .mount(&service)
        .await;
    let faults = Faults::before(&service.address().to_string()).await;
    (service, faults, outgoing().build().expect("a client"))
}

async fn served(service: &MockServer) -> usize {
    service.received_requests().await.expect("they are kept").len()
}

#[tokio::test]
async fn the_chosen_call_fails_and_no_other() {
    let (service, faults, client) = world().await;
    let url = format!("http://{}/v1/things?x=1", faults.host());
    faults.nth("POST /v1/things", 1, Fault::THROTTLED);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(client.get(&url).send().await.expect("an answer").status().as_u16());
        let posted = client.post(&url).body("a".repeat(1 << 20)).send().await.expect("an answer");
        statuses.push(posted.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429, 200, 200]);
    assert_eq!(served(&service).await, 5);
    assert_eq!((faults.calls().len(), faults.injected()), (6, 1));
    assert_eq!(faults.calls()[1], "POST /v1/things");
}

#[tokio::test]
async fn a_fault_is_told_as_google_tells_it() {
    let (_service, faults, client) = world().await;
    faults.always("", Fault::Answer { status: 403, reason: "rateLimitExceeded" });
    let url = format!("http://{}/", faults.host());
    for _ in 0..2 {
        let answer = client.get(&url).send().await.expect("an answer");
        assert_eq!(answer.status(), 403);
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["error"]["status"], "PERMISSION_DENIED", "{body}");
        assert_eq!(body["error"]["errors"][0]["reason"], "rateLimitExceeded", "{body}");
    }
    faults.clear();
    assert_eq!(client.get(&url).send().await.expect("an answer").text().await.unwrap(), "done");
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_work_is_done() {
    let (service, faults, client) = world().await;
    faults.nth("", 0, Fault::Lost);
    let url = format!("http://{}/v1/work", faults.host());
    client.post(&url).send().await.expect_err("no answer");
    assert_eq!(served(&service).await, 1);
    assert_eq!(faults.injected(), 1);
    assert_eq!(client.post(&url).send().await.expect("an answer").status(), 200);
}
