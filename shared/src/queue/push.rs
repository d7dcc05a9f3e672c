//! Pub/Sub push requests, translated at the edge.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::StatusCode;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::Error;

#[derive(Deserialize)]
struct Envelope {
    message: Message,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    #[serde(default)]
    data: String,
}

/// A message that was pushed, its payload decoded.
#[derive(Debug)]
pub struct Push<T> {
    /// The payload.
    pub payload: T,
    /// The same for every delivery of the message.
    pub message_id: String,
}

impl<S, T> FromRequest<S> for Push<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Error::Malformed(rejection.body_text()))?;
        let envelope: Envelope = serde_json::from_slice(&body)
            .map_err(|error| Error::Malformed(format!("not a Pub/Sub push envelope: {error}")))?;
        let data = BASE64_STANDARD
            .decode(&envelope.message.data)
            .map_err(|error| Error::Malformed(format!("message.data is not base64: {error}")))?;
        let payload = serde_json::from_slice(&data)
            .map_err(|error| Error::Malformed(format!("message.data: {error}")))?;
        Ok(Self { payload, message_id: envelope.message.message_id })
    }
}

/// The body with which Pub/Sub pushes a payload.
///
/// # Errors
///
/// Fails when the payload does not serialize, which is a bug.
pub fn envelope(
    payload: &impl Serialize,
    message_id: &str,
    subscription: &str,
) -> anyhow::Result<Value> {
    let data = BASE64_STANDARD.encode(serde_json::to_vec(payload)?);
    Ok(json!({
        "message": { "data": data, "messageId": message_id, "message_id": message_id, "attributes": {} },
        "subscription": subscription,
    }))
}

/// Why a job did not finish, and so what becomes of its message.
#[derive(Debug)]
pub enum JobError {
    /// The cause may pass and we could not even write that down: delivered again.
    Retry(anyhow::Error),
    /// It can never succeed: acknowledged, and left to the log.
    Fail(anyhow::Error),
}

impl IntoResponse for JobError {
    fn into_response(self) -> Response {
        match self {
            Self::Retry(cause) => {
                let message = "not done, please deliver again".to_owned();
                Error::Unavailable { message, cause }.into_response()
            }
            Self::Fail(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "message can never be done, dropped");
                StatusCode::NO_CONTENT.into_response()
            }
        }
    }
}
