//! What Cloud Storage refuses, and what came damaged, in words that say what to do.

use convergence::files::{Direct as _, Files as _, FilesError, Sha256};
use uuid::Uuid;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::world::{bucket, org};

/// An error with its causes, as the log has it.
pub(super) fn said(error: &FilesError) -> String {
    match error {
        FilesError::Unavailable(cause) => format!("{error}: {cause:#}"),
        FilesError::Unreadable(..) => error.to_string(),
    }
}

async fn answering(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

/// As the JSON API says it of media.
fn refusal(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(text, "text/html; charset=UTF-8")
}

#[tokio::test]
async fn each_refusal_says_what_to_do_and_of_which_bucket() {
    let missing = "The specified bucket does not exist.";
    let may_not = "x@y.iam.gserviceaccount.com does not have storage.objects.get access";
    let cases = [
        (404, missing, "there is no such bucket"),
        (403, may_not, "grant it roles/storage.objectUser"),
        (401, "Invalid Credentials", "Google does not know who asks"),
    ];
    for (status, text, advice) in cases {
        let server = answering(refusal(status, text)).await;
        let files = bucket("gs://costs/eu", &server.address().to_string()).unwrap();
        let nothing = Sha256::parse(&"0".repeat(64)).unwrap();
        let errors = [
            files.ping().await.unwrap_err(),
            files.local(&org("acme"), &nothing).await.unwrap_err(),
            files.arrived(&org("acme"), Uuid::nil()).await.unwrap_err(),
            files.fetch(&org("acme"), Uuid::nil()).await.unwrap_err(),
            files.begin(&org("acme")).await.unwrap().keep().await.unwrap_err(),
        ];
        for error in errors {
            let said = said(&error);
            assert!(said.contains("gs://costs/eu/") && said.contains(advice), "{status}: {said}");
        }
    }
}

#[tokio::test]
async fn an_object_that_is_not_there_is_none_and_a_bucket_that_says_so_answers() {
    let server = answering(refusal(404, "No such object: costs/ping")).await;
    let files = bucket("gs://costs", &server.address().to_string()).unwrap();
    files.ping().await.unwrap();
    assert_eq!(files.arrived(&org("acme"), Uuid::nil()).await.unwrap(), None);
    assert!(files.fetch(&org("acme"), Uuid::nil()).await.unwrap().is_none());
}

#[tokio::test]
async fn what_was_damaged_on_its_way_down_is_refused() {
    let response = ResponseTemplate::new(200)
        .insert_header("x-goog-generation", "1")
        .insert_header("x-goog-hash", "crc32c=AAAAAA==")
        .set_body_bytes(b"abc");
    let server = answering(response).await;
    let files = bucket("gs://costs", &server.address().to_string()).unwrap();
    let error = files.fetch(&org("acme"), Uuid::nil()).await.unwrap_err();
    assert!(said(&error).contains("checksum"), "{}", said(&error));
}

#[tokio::test]
async fn what_was_damaged_on_its_way_up_is_refused() {
    let stored = serde_json::json!({
        "name": "x", "bucket": "costs", "generation": "1", "size": "0", "crc32c": "mnG7TA=="
    });
    let server = answering(ResponseTemplate::new(200).set_body_json(stored)).await;
    let files = bucket("gs://costs", &server.address().to_string()).unwrap();
    let error = files.begin(&org("acme")).await.unwrap().keep().await.unwrap_err();
    assert!(said(&error).contains("checksum"), "{}", said(&error));
}
