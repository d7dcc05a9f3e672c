//! An issuer's public keys, fetched by one request at a time and seldom.

use std::{collections::HashMap, time::Duration};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, JwkSet},
};
use tokio::sync::Mutex;

use super::verifier::refused;
use crate::{Error, Result, http::outgoing};

/// How long fetched keys are good for.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The least time between two fetches, whatever tokens ask for and whether they succeed or not.
const BETWEEN: SignedDuration = SignedDuration::from_secs(30);
/// How long the issuer has to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The RSA keys behind a URL.
#[derive(Debug)]
pub struct Jwks {
    url: String,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    fetched_at: Option<Timestamp>,
    tried_at: Option<Timestamp>,
}

impl Jwks {
    /// Keys at `url`; nothing is fetched yet.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), known: Mutex::default() }
    }

    /// The key called `kid`. Whoever needs a fetch does it while the others wait for its outcome.
    ///
    /// # Errors
    ///
    /// 401 where the issuer has no such key, 503 where no keys can be had.
    pub(super) async fn key(&self, kid: String, now: Timestamp) -> Result<DecodingKey> {
        let mut known = self.known.lock().await;
        if !known.has(&kid, now) && known.may_try(now) {
            known.tried_at = Some(now);
            match self.fetch().await {
                Ok(keys) => (known.keys, known.fetched_at) = (keys, Some(now)),
                Err(cause) if known.keys.is_empty() => return Err(unavailable(cause)),
                Err(cause) => {
                    let cause = format!("{cause:#}");
                    tracing::warn!(cause, "cannot fetch the issuer's keys, going on with the old");
                }
            }
        }
        if known.keys.is_empty() {
            return Err(unavailable(anyhow::anyhow!("the last fetch failed a moment ago")));
        }
        known.keys.get(&kid).cloned().ok_or_else(|| refused("the issuer has no such key"))
    }

    async fn fetch(&self) -> anyhow::Result<HashMap<String, DecodingKey>> {
        let client = outgoing().build().context("cannot make an HTTP client")?;
        let request = client.get(&self.url).timeout(PATIENCE);
        let answer = request.send().await?.error_for_status()?;
        let set: JwkSet = answer.json().await.context("the answer is no set of keys")?;
        let rsa = set.keys.into_iter().filter_map(|jwk| {
            matches!(jwk.algorithm, AlgorithmParameters::RSA(_)).then_some(())?;
            Some((jwk.common.key_id.clone()?, DecodingKey::from_jwk(&jwk).ok()?))
        });
        Ok(rsa.collect())
    }
}

impl Known {
    fn has(&self, kid: &str, now: Timestamp) -> bool {
        self.keys.contains_key(kid)
            && self.fetched_at.is_some_and(|at| now.duration_since(at) < FRESH)
    }

    fn may_try(&self, now: Timestamp) -> bool {
        self.tried_at.is_none_or(|at| now.duration_since(at) >= BETWEEN)
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.keys.keys()).finish()
    }
}

fn unavailable(cause: anyhow::Error) -> Error {
    Error::Unavailable {
        message: "the issuer's keys cannot be had at the moment".to_owned(),
        cause,
    }
}
