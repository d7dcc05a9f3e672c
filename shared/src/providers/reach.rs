//! What providers are reached with: one client for all, and where each answers.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use super::Api;
use crate::http::outgoing;

/// How long a provider may take for one answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long it may take to take the connection.
const CONNECT: Duration = Duration::from_secs(10);

/// What providers are reached with. Cheap to clone.
#[derive(Clone, Default)]
pub struct Reach {
    sandbox: Option<Arc<str>>,
    client: Arc<OnceLock<reqwest::Client>>,
}

impl Reach {
    /// The providers themselves, or what stands in for all of them.
    #[must_use]
    pub fn new(sandbox: Option<&str>) -> Self {
        Self { sandbox: sandbox.map(Arc::from), client: Arc::default() }
    }

    /// The API of a provider, at its own host unless there is a sandbox.
    ///
    /// # Errors
    ///
    /// Fails where no client can be made.
    pub fn api(&self, provider: &str, host: &str) -> anyhow::Result<Api> {
        let (base, pace) = match &self.sandbox {
            Some(sandbox) => (format!("{sandbox}/{provider}"), Duration::from_millis(10)),
            None => (host.to_owned(), Duration::from_secs(1)),
        };
        Ok(Api::new(self.client()?, base, pace))
    }

    /// Made once, when it is first needed: reading the roots of trust takes a while.
    fn client(&self) -> anyhow::Result<reqwest::Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        // A key is never carried to where an answer points.
        let client = outgoing()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent("convergence")
            .build()?;
        Ok(self.client.get_or_init(|| client).clone())
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reach").field("sandbox", &self.sandbox).finish_non_exhaustive()
    }
}
