//! Runs announced on a topic of Pub/Sub.

use std::{fmt, time::Duration};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use google_cloud_gax::retry_policy::RetryPolicyExt as _;
use google_cloud_pubsub::{client::Publisher, model::Message, retry_policy::RetryableErrors};
use tokio::{sync::OnceCell, time::timeout};

use super::{Queue, RunMessage};
use crate::{google::Access, settings::BackendUrl};

/// How long a message may take, all tries together: the request that announces a run waits for it,
/// and what was not announced the sweep announces within minutes.
const PATIENCE: Duration = Duration::from_secs(8);
/// Tries in all, the first included.
const ATTEMPTS: u32 = 5;

/// A topic: `pubsub://{project}/{topic}`.
///
/// No ordering keys: ordered delivery would run an organization's pipelines one at a time, and let
/// one stuck run hold up the rest.
pub struct PubSub {
    topic: String,
    access: Access,
    publisher: OnceCell<Publisher>,
}

impl PubSub {
    /// Names the topic; nothing is asked of the service yet.
    ///
    /// # Errors
    ///
    /// Fails where the URL names no topic.
    pub fn new(url: &BackendUrl, access: Access) -> anyhow::Result<Self> {
        let parts: Vec<_> = url.rest.split('/').collect();
        let ["", "", project, topic] = parts[..] else { return Err(no_topic(url)) };
        ensure!(!project.is_empty() && !topic.is_empty(), no_topic(url));
        let topic = format!("projects/{project}/topics/{topic}");
        Ok(Self { topic, access, publisher: OnceCell::new() })
    }

    async fn publisher(&self) -> anyhow::Result<&Publisher> {
        self.publisher
            .get_or_try_init(async || {
                let mut builder = Publisher::builder(&self.topic)
                    // A message is waited for, so none waits for others to go with it.
                    .set_message_count_threshold(1)
                    .with_credentials(self.access.credentials()?)
                    .with_retry_policy(
                        RetryableErrors.with_time_limit(PATIENCE).with_attempt_limit(ATTEMPTS),
                    )
                    .with_backoff_policy(self.access.waits().backoff());
                if let Some(endpoint) = self.access.endpoint() {
                    builder = builder.with_endpoint(endpoint);
                }
                builder.build().await.context("no client of Pub/Sub")
            })
            .await
    }
}

impl fmt::Debug for PubSub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PubSub({})", self.topic)
    }
}

#[async_trait]
impl Queue for PubSub {
    async fn publish(&self, message: &RunMessage) -> anyhow::Result<()> {
        let publisher = self.publisher().await?;
        let message = Message::new()
            .set_data(serde_json::to_vec(message)?)
            .set_attributes(message.attributes());
        let answer = timeout(PATIENCE, publisher.publish(message)).await;
        answer.context("Pub/Sub does not answer")?.context("Pub/Sub refused a message")?;
        Ok(())
    }
}

fn no_topic(url: &BackendUrl) -> anyhow::Error {
    anyhow::anyhow!("{}: `{url}` is not `pubsub://{{project}}/{{topic}}`", url.setting)
}
