//! Pub/Sub push requests, translated at the edge.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};

use super::{RunMessage, event};
use crate::Error;

/// A message that was pushed: by Pub/Sub itself, or by Eventarc as a CloudEvent in binary or
/// structured mode.
#[derive(Debug)]
pub struct Push {
    /// The run that it announces.
    pub message: RunMessage,
    /// The same for every delivery of the message.
    pub message_id: String,
}

impl<S: Send + Sync> FromRequest<S> for Push {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| Error::Malformed(rejection.body_text()))?;
        let pushed = event::envelope(&headers, &body)?.message;
        Ok(Self { message: pushed.run()?, message_id: pushed.message_id })
    }
}
