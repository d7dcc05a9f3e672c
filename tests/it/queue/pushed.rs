//! Pub/Sub pushes, a worker executes.

use std::sync::Arc;

use serde_json::json;

use super::{cloud::Cloud, relay::Relay, topics::Topics};
use crate::pipelines::{IMPORT, SAMPLE, tenant};

#[tokio::test]
async fn a_run_that_is_asked_for_is_pushed_and_executed_to_its_end() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Arc::new(Cloud::new(&topics.host, &topics.project).await);
    let mut relay = Relay::start(cloud.clone()).await;
    topics.push_to(&relay.url).await;
    let acme = tenant(&cloud.app, "acme").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let body = json!({ "input": acme.upload("costs.csv", SAMPLE).await });
        let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
        assert_eq!(relay.answer().await, 204);
        ids.push(accepted["run_id"].as_str().expect("an id").to_owned());
    }
    for id in ids {
        let run = acme.get(&format!("runs/{id}")).await;
        assert_eq!((&run["status"], &run["attempts"]), (&json!("COMPLETED"), &json!(1)), "{run:#}");
        assert_eq!(run["steps"][0]["rows"], 1000);
    }
}

/// A push that is refused is delivered again; one whose work is done already changes nothing.
#[tokio::test]
async fn a_message_that_comes_again_is_done_with() {
    let Some(topics) = Topics::new().await else { return };
    let cloud = Arc::new(Cloud::new(&topics.host, &topics.project).await);
    let acme = tenant(&cloud.app, "acme").await;
    let body = json!({ "input": acme.upload("costs.csv", SAMPLE).await });
    let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
    let message = topics.runs().await.remove(0);
    let envelope = convergence::queue::envelope(&message, "17", "push").expect("JSON");
    for _ in 0..3 {
        let _ = cloud.push(cloud.pusher(), &envelope).await.expect(204);
    }
    let run = acme.get(&format!("runs/{}", accepted["run_id"].as_str().expect("an id"))).await;
    assert_eq!((&run["status"], &run["attempts"]), (&json!("COMPLETED"), &json!(1)), "{run:#}");
}
