//! Calls of Google's JSON APIs that none of our client libraries has.

use std::{sync::OnceLock, time::Duration};

use anyhow::{Context as _, anyhow};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::{Access, Attempts};
use crate::http::outgoing;

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Tries in all, the first included.
const ATTEMPTS: u32 = 4;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// The service said no; the same call would be refused again.
    #[error("{message} (HTTP {status})")]
    Refused {
        /// As what.
        status: StatusCode,
        /// In its words.
        message: String,
    },
    /// It did not answer, or said that it cannot at the moment, each time.
    #[error("the service cannot be reached or is overloaded")]
    Unavailable(#[source] anyhow::Error),
}

/// One service.
#[derive(Debug)]
pub struct Rest {
    address: &'static str,
    access: Access,
    client: OnceLock<reqwest::Client>,
}

impl Rest {
    /// The service at `address`, as in `https://run.googleapis.com`, or its emulator.
    #[must_use]
    pub fn new(address: &'static str, access: Access) -> Self {
        Self { address, access, client: OnceLock::new() }
    }

    /// Posts `body` to a path that begins with a slash. What may pass is tried again, so the call
    /// has to be one that may be done twice.
    ///
    /// # Errors
    ///
    /// See [`RestError`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, RestError> {
        let endpoint = self.access.endpoint();
        let url = format!("{}{path}", endpoint.as_deref().unwrap_or(self.address));
        let mut attempts = Attempts::first(self.access.waits());
        loop {
            match self.once(&url, body).await {
                Err(RestError::Unavailable(_)) if attempts.number() < ATTEMPTS => {
                    attempts.next().await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn once(&self, url: &str, body: &Value) -> Result<Value, RestError> {
        let headers = self.access.headers().await.context("no access token");
        let headers = headers.map_err(RestError::Unavailable)?;
        let request = self.client().map_err(RestError::Unavailable)?.post(url);
        let sent = request.headers(headers).timeout(PATIENCE).json(body).send().await;
        let answer = sent.map_err(|error| RestError::Unavailable(error.into()))?;
        let status = answer.status();
        let text = answer.bytes().await.map_err(|error| RestError::Unavailable(error.into()))?;
        if status.is_success() {
            return serde_json::from_slice(&text)
                .map_err(|error| RestError::Unavailable(error.into()));
        }
        let message = message(&text).unwrap_or_else(|| "no reason was given".to_owned());
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            return Err(RestError::Unavailable(anyhow!("{message} (HTTP {status})")));
        }
        Err(RestError::Refused { status, message })
    }

    fn client(&self) -> anyhow::Result<reqwest::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = outgoing().build().context("cannot make an HTTP client")?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

/// `{"error": {"message": "…"}}`, as all of Google's JSON APIs refuse.
fn message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Body {
        error: Reason,
    }
    #[derive(Deserialize)]
    struct Reason {
        message: String,
    }
    serde_json::from_slice::<Body>(body).ok().map(|body| body.error.message)
}
