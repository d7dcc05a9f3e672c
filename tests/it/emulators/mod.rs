//! The emulators start, are empty for each project, and end with their tests.

mod bigquery;
mod lifetime;

use convergence::http::outgoing;
use integration_tests::emulators::{self, needed, project};
use reqwest::Client;
use serde_json::{Value, json};

pub(crate) fn client() -> Client {
    outgoing().build().expect("a client")
}

/// What a GET answers, whatever its status.
async fn get(url: &str) -> Value {
    client().get(url).send().await.expect("an answer").json().await.expect("JSON")
}

#[tokio::test]
async fn firestore_keeps_documents_of_one_project_from_another() {
    let Some(firestore) = needed(emulators::firestore().await) else { return };
    let documents = |project: &str| {
        let host = firestore.host();
        format!("http://{host}/v1/projects/{project}/databases/(default)/documents/things")
    };
    let (one, two) = (project(), project());
    let thing = json!({"fields": {"name": {"stringValue": "it"}}});
    let made = client().post(documents(&one)).json(&thing).send().await.expect("an answer");
    assert!(made.status().is_success(), "{made:?}");
    assert_eq!(get(&documents(&one)).await["documents"].as_array().expect("documents").len(), 1);
    assert_eq!(get(&documents(&two)).await, json!({}));
}

#[tokio::test]
async fn pubsub_keeps_topics_of_one_project_from_another() {
    let Some(pubsub) = needed(emulators::pubsub().await) else { return };
    let topics = |project: &str| format!("http://{}/v1/projects/{project}/topics", pubsub.host());
    let (one, two) = (project(), project());
    let made = client().put(format!("{}/runs", topics(&one))).send().await.expect("an answer");
    assert!(made.status().is_success(), "{made:?}");
    assert_eq!(get(&topics(&one)).await["topics"].as_array().expect("topics").len(), 1);
    assert_eq!(get(&topics(&two)).await, json!({}));
}

#[tokio::test]
async fn storage_keeps_the_first_of_two_writes_that_create() {
    let Some(storage) = needed(emulators::storage().await) else { return };
    let (host, bucket) = (storage.host(), project());
    let made = client()
        .post(format!("http://{host}/storage/v1/b"))
        .json(&json!({"name": bucket}))
        .send()
        .await
        .expect("an answer");
    assert!(made.status().is_success(), "{made:?}");
    let create = |text: &'static str| {
        let url = format!("http://{host}/upload/storage/v1/b/{bucket}/o");
        let query = [("uploadType", "media"), ("name", "a/b"), ("ifGenerationMatch", "0")];
        client().post(url).query(&query).body(text).send()
    };
    assert_eq!(create("first").await.expect("an answer").status(), 200);
    assert_eq!(create("second").await.expect("an answer").status(), 412);
    let url = format!("http://{host}/storage/v1/b/{bucket}/o/a%2Fb?alt=media");
    let kept = client().get(url).send().await.expect("an answer").text().await.expect("text");
    assert_eq!(kept, "first");
}
