//! A message that was given up and is no lost delivery: `dead_letters/{UUIDv7}`.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use crate::{
    queue::{Received, RunMessage},
    store::{Collection, Entity, Key},
};

/// How often Pub/Sub delivered a message before it gave it up: an attribute that it adds.
const DELIVERIES: &str = "CloudPubSubDeadLetterSourceDeliveryCount";

/// A dead letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Its id: of the time when it was given up, and the same however often it is taken.
    pub letter_id: Uuid,
    /// What the queue calls it.
    pub message_id: String,
    /// When it was given up.
    pub given_up_at: Timestamp,
    /// How often it had been delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<u32>,
    /// The run that it announces, where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<RunMessage>,
    /// Its data in base64, where it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Why it is kept.
    pub reason: String,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl DeadLetter {
    /// How long it is kept.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

    /// Of a message that was taken at `now`.
    #[must_use]
    pub fn new(received: &Received, now: Timestamp, reason: String) -> Self {
        let given_up_at = received.publish_time.unwrap_or(now);
        let message = received.run().ok();
        Self {
            letter_id: id(&received.message_id, given_up_at),
            message_id: received.message_id.clone(),
            given_up_at,
            deliveries: received.attributes.get(DELIVERIES).and_then(|count| count.parse().ok()),
            data: message.is_none().then(|| received.data.clone()),
            message,
            reason,
            other: Map::new(),
        }
    }

    /// Where its document is.
    #[must_use]
    pub fn key(letter_id: Uuid) -> Key {
        Key::system(Collection::DeadLetters, letter_id.to_string())
    }
}

impl Entity for DeadLetter {
    fn expire_at(&self) -> Option<Timestamp> {
        Some(self.given_up_at + Self::KEPT)
    }
}

fn id(message_id: &str, at: Timestamp) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&Sha256::digest(message_id.as_bytes())[..10]);
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
