//! Topics and subscriptions of Pub/Sub's emulator, over its REST API.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use convergence::{http::outgoing, queue::RunMessage};
use integration_tests::emulators::{self, PubSub, needed, project};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

/// A project with the topics that a deployment has, and a subscription to look at each.
pub(super) struct Topics {
    /// Where the emulator is.
    pub(super) host: String,
    /// The project.
    pub(super) project: String,
    client: Client,
}

/// How often Pub/Sub delivers before it gives up: the least there is.
pub(super) const DELIVERIES: usize = 5;

/// The topic of runs.
pub(super) const RUNS: &str = "pipeline-runs";
/// The topic of what is given up.
pub(super) const DEAD: &str = "pipeline-runs-dead";

impl Topics {
    /// A new project, or nothing where the emulator is missing.
    pub(super) async fn new() -> Option<Self> {
        let pubsub: &PubSub = needed(emulators::pubsub().await)?;
        let client = outgoing().build().expect("a client");
        let topics = Self { host: pubsub.host().to_owned(), project: project(), client };
        for topic in [RUNS, DEAD] {
            topics.make(&format!("topics/{topic}"), &json!({})).await;
            topics.subscribe(topic, &json!({})).await;
        }
        Some(topics)
    }

    /// Lets Pub/Sub push runs to a URL.
    pub(super) async fn push_to(&self, url: &str) {
        let body = json!({
            "topic": self.name(&format!("topics/{RUNS}")),
            "pushConfig": { "pushEndpoint": url },
            "deadLetterPolicy": {
                "deadLetterTopic": self.name(&format!("topics/{DEAD}")),
                "maxDeliveryAttempts": DELIVERIES,
            },
        });
        self.make("subscriptions/push", &body).await;
    }

    /// Everything that waits in the subscription of a topic; it waits no longer.
    pub(super) async fn pull(&self, topic: &str) -> Vec<Value> {
        let at = format!("subscriptions/{topic}");
        let body = json!({ "maxMessages": 100, "returnImmediately": true });
        let answer = self.post(&format!("{at}:pull"), &body).await;
        let taken = answer["receivedMessages"].as_array().cloned().unwrap_or_default();
        let ids: Vec<_> = taken.iter().map(|it| it["ackId"].clone()).collect();
        if !ids.is_empty() {
            self.post(&format!("{at}:acknowledge"), &json!({ "ackIds": ids })).await;
        }
        taken.into_iter().map(|it| it["message"].clone()).collect()
    }

    /// The first message that comes to the subscription of a topic, which stays there.
    pub(super) async fn next(&self, topic: &str) -> Value {
        let at = format!("subscriptions/{topic}");
        loop {
            // Waits for a message, for a while.
            let answer = self.post(&format!("{at}:pull"), &json!({ "maxMessages": 1 })).await;
            let Some(taken) = answer["receivedMessages"].get(0) else { continue };
            let back = json!({ "ackIds": [taken["ackId"]], "ackDeadlineSeconds": 0 });
            self.post(&format!("{at}:modifyAckDeadline"), &back).await;
            return taken["message"].clone();
        }
    }

    /// The runs that wait.
    pub(super) async fn runs(&self) -> Vec<RunMessage> {
        let run = |message: &Value| {
            let data = BASE64_STANDARD.decode(message["data"].as_str().expect("data"));
            serde_json::from_slice(&data.expect("base64")).expect("a message of ours")
        };
        self.pull(RUNS).await.iter().map(run).collect()
    }

    /// Puts a message on the topic of what is given up, as Pub/Sub does after five deliveries.
    pub(super) async fn give_up(&self, data: &[u8]) {
        let body = json!({ "messages": [{
            "data": BASE64_STANDARD.encode(data),
            "attributes": {
                "CloudPubSubDeadLetterSourceDeliveryCount": "5",
                "CloudPubSubDeadLetterSourceSubscription": "push",
            },
        }] });
        self.post(&format!("topics/{DEAD}:publish"), &body).await;
    }

    async fn subscribe(&self, topic: &str, more: &Value) {
        let mut body = more.clone();
        body["topic"] = self.name(&format!("topics/{topic}")).into();
        self.make(&format!("subscriptions/{topic}"), &body).await;
    }

    fn name(&self, rest: &str) -> String {
        format!("projects/{}/{rest}", self.project)
    }

    fn url(&self, rest: &str) -> String {
        format!("http://{}/v1/{}", self.host, self.name(rest))
    }

    async fn make(&self, rest: &str, body: &Value) {
        answered(self.client.put(self.url(rest)).json(body)).await;
    }

    async fn post(&self, rest: &str, body: &Value) -> Value {
        answered(self.client.post(self.url(rest)).json(body)).await
    }
}

async fn answered(request: RequestBuilder) -> Value {
    let answer = request.send().await.expect("the emulator answers");
    let (status, text) = (answer.status(), answer.text().await.expect("a body"));
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).expect("JSON")
}
