//! A worker that refuses pushes, as it does while its store is down, and what Pub/Sub then gives up.

use std::sync::Arc;

use convergence::store::{Collection, Write};
use integration_tests::{As, Options};
use serde_json::{Value, json};

use super::{
    cloud::Cloud,
    relay::Relay,
    topics::{DEAD, DELIVERIES, Topics},
};
use crate::{
    gate::{At, Gate, Gated, GatedStore},
    pipelines::{IMPORT, SAMPLE, tenant},
};

const LETTERS: &str = "/api/v1/scheduler/dead-letters";
const BROKEN: &[u8] = b"a,b\n1,2\n";

/// The commit by which a delivery takes a run.
fn takes_a_run(write: &Write) -> bool {
    let Write::Replace(key, _, document) = write else { return false };
    key.collection == Collection::Runs
        && document.filters.get("status").is_some_and(|status| status == "RUNNING")
}

/// A deployment whose worker cannot write for as many deliveries as Pub/Sub makes.
struct World {
    topics: Topics,
    cloud: Arc<Cloud>,
    relay: Relay,
}

impl World {
    async fn new() -> Option<Self> {
        let topics = Topics::new().await?;
        let gate = Gate::refusing(DELIVERIES);
        let options = Options {
            wrap_store: Some(Box::new(|inner| {
                Arc::new(GatedStore { inner, watch: Gated { gate, at: At::Before(takes_a_run) } })
            })),
            ..Options::default()
        };
        let cloud = Arc::new(Cloud::with(&topics.host, &topics.project, options).await);
        let relay = Relay::start(cloud.clone()).await;
        topics.push_to(&relay.url).await;
        Some(Self { topics, cloud, relay })
    }

    /// Asks for an import, and waits until Pub/Sub has given its message up.
    async fn given_up(&mut self, bytes: &[u8]) -> Value {
        let acme = tenant(&self.cloud.app, "acme").await;
        let body = json!({ "input": acme.upload("costs.csv", bytes).await });
        let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
        let run_id = accepted["run_id"].clone();
        for _ in 0..DELIVERIES {
            assert_eq!(self.relay.answer().await, 503);
        }
        let letter = self.topics.next(DEAD).await;
        assert!(self.relay.is_quiet(), "given up means that it is not delivered any more");
        let run = self.run(&run_id).await;
        assert_eq!((&run["status"], &run["attempts"]), (&json!("PENDING"), &json!(0)), "{run:#}");
        assert!(letter["attributes"]["CloudPubSubDeadLetterSourceDeliveryCount"].is_string());
        json!({ "run_id": run_id, "message": letter })
    }

    async fn run(&self, id: &Value) -> Value {
        let path = format!("/api/v1/pipelines/acme/runs/{}", id.as_str().expect("an id"));
        self.cloud.app.get(As::Root, &path).send().await.json_of(200)
    }

    /// Sweeps until what was given up is dealt with.
    async fn swept(&self) {
        while self.cloud.sweep().await["dead_letters"] != 1 {}
    }

    async fn letters(&self) -> Vec<Value> {
        let list = self.cloud.app.get(As::Root, LETTERS).send().await.json_of(200);
        list["items"].as_array().expect("items").clone()
    }
}

#[tokio::test]
async fn a_run_that_was_refused_to_the_last_is_published_again_and_executed() {
    let Some(mut world) = World::new().await else { return };
    let given_up = world.given_up(SAMPLE).await;
    world.swept().await;
    assert_eq!(world.relay.answer().await, 204);
    let run = world.run(&given_up["run_id"]).await;
    assert_eq!((&run["status"], &run["attempts"]), (&json!("COMPLETED"), &json!(1)), "{run:#}");
    assert!(world.letters().await.is_empty(), "a lost delivery is no letter");
    assert!(world.topics.pull(DEAD).await.is_empty(), "it was acknowledged");
}

#[tokio::test]
async fn what_was_refused_and_then_failed_is_listed_and_replayed() {
    let Some(mut world) = World::new().await else { return };
    let given_up = world.given_up(BROKEN).await;
    // The worker is back before the next sweep; the same message comes to it another way.
    let data = json!({ "subscription": "push", "message": given_up["message"] });
    let _ = world.cloud.push(world.cloud.pusher(), &data).await.expect(204);
    let failed = world.run(&given_up["run_id"]).await;
    assert_eq!(failed["status"], "FAILED", "{failed:#}");
    world.swept().await;
    let letters = world.letters().await;
    assert_eq!(letters.len(), 1, "{letters:#?}");
    let shown = (&letters[0]["run_id"], &letters[0]["deliveries"], &letters[0]["reason"]);
    let reason = &failed["error"]["message"];
    assert_eq!(shown, (&failed["run_id"], &json!(DELIVERIES), reason));
    let path = format!("{LETTERS}/{}/replay", letters[0]["letter_id"].as_str().expect("an id"));
    let replayed = world.cloud.app.post(As::Root, &path).json(&json!({})).send().await.json_of(202);
    assert_eq!(world.relay.answer().await, 204, "the new run was pushed, and is done with");
    assert!(world.letters().await.is_empty());
    let run = world.run(&replayed["run_id"]).await;
    assert_eq!((&run["retry_of"], &run["status"]), (&failed["run_id"], &json!("FAILED")));
}
