//! The answer that is kept.

use std::fmt;

use anyhow::Context as _;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A status and a JSON body, which may hold a secret: kept sealed only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

impl Answer {
    /// Of a status and a body.
    ///
    /// # Errors
    ///
    /// Fails when the body does not serialize, which is a bug.
    pub fn new(status: StatusCode, body: &impl Serialize) -> anyhow::Result<Self> {
        let body = serde_json::to_value(body).context("cannot write an answer")?;
        Ok(Self { status: status.as_u16(), body })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        (status, [(CONTENT_TYPE, "application/json")], self.body.to_string()).into_response()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).finish_non_exhaustive()
    }
}
