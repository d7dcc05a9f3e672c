//! Faults before a gRPC API: Pub/Sub's emulator, asked in the bytes of the protocol.

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use integration_tests::{
    emulators::{self, PubSub, needed, project},
    faults::{Fault, Faults},
};
use reqwest::StatusCode;

/// Asks for a new topic, whose name is the first field of the message; gives the status, wherever
/// it stands.
async fn create_topic(host: &str, name: &str) -> anyhow::Result<String> {
    let client: Client<_, Full<Bytes>> =
        Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let length = u8::try_from(name.len()).expect("a short name");
    let message = [&[0, 0, 0, 0, length + 2, 0x0a, length], name.as_bytes()].concat();
    let request = Request::post(format!("http://{host}/google.pubsub.v1.Publisher/CreateTopic"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(Full::from(Bytes::from(message)))?;
    let (head, body) = client.request(request).await?.into_parts();
    let collected = body.collect().await?;
    let status = |headers: &HeaderMap| {
        headers.get("grpc-status").map(|it| it.to_str().expect("a number").to_owned())
    };
    let after = collected.trailers().and_then(status);
    Ok(after.or_else(|| status(&head.headers)).expect("a status"))
}

async fn exists(pubsub: &PubSub, name: &str) -> bool {
    let url = format!("http://{}/v1/{name}", pubsub.host());
    let found = crate::emulators::client().get(url).send().await.expect("an answer");
    found.status() == StatusCode::OK
}

#[tokio::test]
async fn calls_go_through_with_their_trailers_and_chosen_ones_fail() {
    let Some(pubsub) = needed(emulators::pubsub().await) else { return };
    let (faults, project) = (Faults::before(pubsub.host()).await, project());
    let topic = |name: &str| format!("projects/{project}/topics/{name}");
    faults.nth("CreateTopic", 1, Fault::UNAVAILABLE);
    faults.nth("CreateTopic", 2, Fault::THROTTLED);
    let mut statuses = Vec::new();
    for name in ["one", "two", "three", "four"] {
        statuses.push(create_topic(faults.host(), &topic(name)).await.expect("an answer"));
    }
    assert_eq!(statuses, ["0", "14", "8", "0"]);
    for (name, made) in [("one", true), ("two", false), ("three", false), ("four", true)] {
        assert_eq!(exists(pubsub, &topic(name)).await, made, "{name}");
    }
    assert_eq!(faults.calls()[0], "POST /google.pubsub.v1.Publisher/CreateTopic");
}

#[tokio::test]
async fn a_lost_answer_leaves_what_was_done() {
    let Some(pubsub) = needed(emulators::pubsub().await) else { return };
    let faults = Faults::before(pubsub.host()).await;
    let topic = format!("projects/{}/topics/lost", project());
    faults.nth("", 0, Fault::Lost);
    create_topic(faults.host(), &topic).await.expect_err("no answer");
    assert!(exists(pubsub, &topic).await);
    assert_eq!(create_topic(faults.host(), &topic).await.expect("an answer"), "6", "it exists");
}
