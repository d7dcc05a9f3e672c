//! The subscription of a dead-letter topic.

use std::fmt;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;

use super::{GivenUp, Taken};
use crate::{
    google::{Access, Rest},
    queue::Received,
    settings::BackendUrl,
};

/// How many messages are taken at once.
const MOST: usize = 100;

/// `pubsub://{project}/subscriptions/{name}`. Google's client library takes streams only, which is
/// no way to take what is there and go on: so this is the REST API's `pull`.
pub struct DeadLetterSubscription {
    name: String,
    rest: Rest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    received_messages: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    ack_id: String,
    message: Received,
}

impl DeadLetterSubscription {
    /// Names the subscription; nothing is asked of the service yet.
    ///
    /// # Errors
    ///
    /// Fails where the URL names no subscription.
    pub fn new(url: &BackendUrl, access: Access) -> anyhow::Result<Self> {
        let parts: Vec<_> = url.rest.split('/').collect();
        match (url.scheme.as_str(), &parts[..]) {
            ("pubsub", ["", "", project, "subscriptions", name])
                if !project.is_empty() && !name.is_empty() =>
            {
                let name = format!("projects/{project}/subscriptions/{name}");
                Ok(Self { name, rest: Rest::new("https://pubsub.googleapis.com", access) })
            }
            _ => bail!(
                "{}: `{url}` is not `pubsub://{{project}}/subscriptions/{{name}}`",
                url.setting
            ),
        }
    }
}

impl fmt::Debug for DeadLetterSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeadLetterSubscription({})", self.name)
    }
}

#[async_trait]
impl GivenUp for DeadLetterSubscription {
    async fn take(&self) -> anyhow::Result<Vec<Taken>> {
        // Deprecated for those who wait for messages all the time; a sweep does not wait.
        let body = json!({ "maxMessages": MOST, "returnImmediately": true });
        let answer = self.rest.post(&format!("/v1/{}:pull", self.name), &body).await?;
        let answer: Answer = serde_json::from_value(answer).context("no answer to a pull")?;
        let taken = |item: Item| Taken { ack_id: item.ack_id, message: item.message };
        Ok(answer.received_messages.into_iter().map(taken).collect())
    }

    async fn acknowledge(&self, ack_ids: &[String]) -> anyhow::Result<()> {
        let path = format!("/v1/{}:acknowledge", self.name);
        self.rest.post(&path, &json!({ "ackIds": ack_ids })).await?;
        Ok(())
    }
}
