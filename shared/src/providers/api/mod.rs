//! Asking a provider's API: bounded in tries, in time and in bytes.

mod refusal;
mod wait;

use std::{fmt, time::Duration};

use anyhow::{Context as _, anyhow};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;

pub use self::refusal::Refusal;
use self::wait::asked_wait;

/// How often a question is asked.
const TRIES: u32 = 5;
/// The longest wait within a question; who asks for more is asked again by a later attempt of the run.
const LONGEST: Duration = Duration::from_mins(1);
/// The longest answer that is read.
const BYTES: usize = 32 << 20;

/// A provider's API, with what it knows us by.
///
/// Limits are of the key that asks, and each source has its own: nobody else waits for the same
/// one, so that waits need no chance.
#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    base: String,
    headers: HeaderMap,
    pace: Duration,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum ApiError {
    /// It refuses, and will until somebody changes something.
    Refused(Refusal),
    /// It did not answer, or said that it cannot now; later it may.
    Silent(anyhow::Error),
}

/// A try that was in vain.
enum Vain {
    /// For good.
    End(ApiError),
    /// For now, with how long it asks us to wait.
    Again(anyhow::Error, Option<Duration>),
}

impl Api {
    pub(super) fn new(client: reqwest::Client, base: String, pace: Duration) -> Self {
        Self { client, base, headers: HeaderMap::new(), pace }
    }

    /// Sends a header with every question; its text is kept out of every message. A text that no
    /// header can hold is not sent, and so is refused as a missing one.
    #[must_use]
    pub fn with(mut self, name: &'static str, text: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(text) {
            value.set_sensitive(true);
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Gets JSON. What may pass is asked again: no connection, 408, 429, 5xx, and an answer that
    /// ends too early. `Retry-After` and the provider's rate-limit headers are honoured.
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, ApiError> {
        let mut backoff = self.pace;
        for tries in 1.. {
            let (cause, asked) = match self.once(path, query).await {
                Ok(answer) => return Ok(answer),
                Err(Vain::End(error)) => return Err(error),
                Err(Vain::Again(cause, asked)) => (cause, asked),
            };
            let wait = asked.unwrap_or(backoff);
            if tries >= TRIES || wait > LONGEST {
                let cause = cause.context(format!("{path} was asked {tries} times"));
                return Err(ApiError::Silent(cause));
            }
            tokio::time::sleep(wait).await;
            backoff *= 2;
        }
        Err(ApiError::Silent(anyhow!("there is always another try")))
    }

    fn address(&self, path: &str, query: &[(&str, String)]) -> Result<reqwest::Url, Vain> {
        let url = reqwest::Url::parse(&format!("{}{path}", self.base));
        let mut url = url.map_err(|error| Vain::End(ApiError::Silent(error.into())))?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    async fn once<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, Vain> {
        let request = self.client.get(self.address(path, query)?).headers(self.headers.clone());
        // The address has no secret, but its query is long.
        let sent = request.send().await.map_err(reqwest::Error::without_url);
        let response = sent.map_err(|error| Vain::Again(error.into(), None))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response).await.map_err(|error| Vain::Again(error, None))?;
        if may_pass(status) {
            let asked = asked_wait(&headers);
            return Err(Vain::Again(anyhow!("it answered {}", status.as_u16()), asked));
        }
        if !status.is_success() {
            return Err(Vain::End(ApiError::Refused(Refusal::new(status, &body))));
        }
        serde_json::from_slice(&body).map_err(|error| {
            let place = format!("its answer breaks off at line {}", error.line());
            let what =
                if error.is_eof() { place } else { "its answer is not understood".to_owned() };
            Vain::Again(anyhow!(what), None)
        })
    }
}

fn may_pass(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS
        || status == StatusCode::REQUEST_TIMEOUT
        || status.is_server_error()
}

/// The body, unless it is longer than any answer should be.
async fn read(mut response: reqwest::Response) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = next(&mut response).await.context("its answer broke off")? {
        if body.len() + chunk.len() > BYTES {
            return Err(anyhow!("its answer is longer than {} MiB", BYTES >> 20));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

async fn next(response: &mut reqwest::Response) -> Result<Option<bytes::Bytes>, reqwest::Error> {
    response.chunk().await.map_err(reqwest::Error::without_url)
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("base", &self.base).finish_non_exhaustive()
    }
}
