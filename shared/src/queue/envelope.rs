//! The envelope in which Pub/Sub pushes a message.
//!
//! <https://cloud.google.com/pubsub/docs/push#receive_push>

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{RunMessage, TRACEPARENT};
use crate::{Error, http::Trace};

/// What is pushed.
#[derive(Deserialize)]
pub(super) struct Envelope {
    pub(super) message: Received,
}

/// A message as Pub/Sub hands it out, its data still encoded.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// The same for every delivery of the message.
    pub message_id: String,
    /// What the publisher wrote, in base64.
    #[serde(default)]
    pub data: String,
    /// What the publisher wrote beside it.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// When it was published.
    #[serde(default)]
    pub publish_time: Option<Timestamp>,
}

impl Envelope {
    pub(super) fn read(body: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(body).map_err(|error| no_envelope(&error))
    }

    pub(super) fn from_value(value: Value) -> Result<Self, Error> {
        serde_json::from_value(value).map_err(|error| no_envelope(&error))
    }
}

impl Received {
    /// The run that it announces.
    ///
    /// # Errors
    ///
    /// 400 where it is no message of ours.
    pub fn run(&self) -> Result<RunMessage, Error> {
        let data = BASE64_STANDARD
            .decode(&self.data)
            .map_err(|error| Error::Malformed(format!("message.data is not base64: {error}")))?;
        let mut run: RunMessage = serde_json::from_slice(&data)
            .map_err(|error| Error::Malformed(format!("message.data: {error}")))?;
        run.trace = self.attributes.get(TRACEPARENT).and_then(|text| Trace::parse(text));
        Ok(run)
    }
}

fn no_envelope(error: &serde_json::Error) -> Error {
    Error::Malformed(format!("not a Pub/Sub push envelope: {error}"))
}

/// The body with which Pub/Sub pushes a message.
///
/// # Errors
///
/// Fails when the message does not serialize, which is a bug.
pub fn envelope(
    message: &RunMessage,
    message_id: &str,
    subscription: &str,
) -> anyhow::Result<Value> {
    Ok(json!({
        "message": {
            "data": BASE64_STANDARD.encode(serde_json::to_vec(message)?),
            "attributes": message.attributes(),
            "messageId": message_id,
            "message_id": message_id,
        },
        "subscription": subscription,
    }))
}
