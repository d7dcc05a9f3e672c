//! What is tried again, how often and after which wait.

use std::time::Duration;

use google_cloud_gax::{
    backoff_policy::BackoffPolicy,
    error::{Error, rpc::Code},
    exponential_backoff::ExponentialBackoffBuilder,
    retry_policy::{RetryPolicy, RetryPolicyArg, RetryPolicyExt as _},
    retry_result::RetryResult,
    retry_state::RetryState,
};
use serde::Deserialize;

/// Tries in all, the first included.
const ATTEMPTS: u32 = 6;
/// When to give up at the latest: well before a request's own time-out.
const LIMIT: Duration = Duration::from_secs(30);
/// Reasons of BigQuery's and Cloud Storage's JSON errors that a later attempt may not meet, whatever
/// the status: BigQuery says `rateLimitExceeded` with 403. See
/// <https://cloud.google.com/bigquery/docs/error-messages>.
const REASONS: [&str; 4] =
    ["rateLimitExceeded", "userRateLimitExceeded", "backendError", "jobBackendError"];

/// Tries again what may pass: 429, 5xx, overload, lost connections. Calls that are not idempotent
/// are tried again only where the service says that it did nothing.
#[derive(Debug, Clone, Copy)]
struct Transient;

impl RetryPolicy for Transient {
    fn on_error(&self, state: &RetryState, error: Error) -> RetryResult {
        let refused = error.is_transient_and_before_rpc() || throttled(&error);
        if refused || (state.idempotent && is_transient(&error)) {
            RetryResult::Continue(error)
        } else {
            RetryResult::Permanent(error)
        }
    }
}

/// [`Transient`], with an end.
#[must_use]
pub fn policy() -> RetryPolicyArg {
    Transient.with_time_limit(LIMIT).with_attempt_limit(ATTEMPTS).into()
}

/// [`Transient`], for transfers, which may take as long as their bytes do: ended by attempts only.
#[must_use]
pub fn patient_policy() -> RetryPolicyArg {
    Transient.with_attempt_limit(ATTEMPTS).into()
}

/// The waits between attempts: each is drawn at random below a bound, which doubles.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// The bound of the first, at least a millisecond.
    pub first: Duration,
    /// The bound of all, at least a second.
    pub longest: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), longest: Duration::from_secs(8) }
    }
}

impl Waits {
    /// As clients take them.
    #[must_use]
    pub fn backoff(self) -> impl BackoffPolicy + 'static {
        let (first, longest) = (self.first, self.longest);
        ExponentialBackoffBuilder::new()
            .with_initial_delay(first)
            .with_maximum_delay(longest)
            .clamp()
    }
}

/// Counts the attempts at what no client tries again by itself, and waits between them.
#[derive(Debug)]
pub struct Attempts {
    state: RetryState,
    waits: Waits,
}

impl Attempts {
    /// Begins with the first.
    #[must_use]
    pub fn first(waits: Waits) -> Self {
        Self { state: RetryState::new(true).set_attempt_count(1_u32), waits }
    }

    /// Which one this is, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.state.attempt_count
    }

    /// Waits for the next.
    pub async fn next(&mut self) {
        tokio::time::sleep(self.waits.backoff().on_failure(&self.state)).await;
        self.state.attempt_count += 1;
    }
}

/// Whether the same call may work later.
#[must_use]
pub fn is_transient(error: &Error) -> bool {
    throttled(error)
        || error.is_transient_and_before_rpc()
        || error.is_io()
        || error.is_timeout()
        // The client gave up before its last attempt: so many calls had failed lately.
        || error.is_exhausted()
        || (error.is_transport() && error.http_status_code().is_none())
        || error.http_status_code().is_some_and(|status| matches!(status, 408 | 500..600))
        || error.status().is_some_and(|status| {
            matches!(status.code, Code::Unavailable | Code::Aborted | Code::Internal)
        })
}

/// Whether the service was asked too often, and did nothing.
fn throttled(error: &Error) -> bool {
    error.http_status_code() == Some(429)
        || error.status().is_some_and(|status| status.code == Code::ResourceExhausted)
        || error.http_payload().is_some_and(|body| {
            reasons(body).iter().any(|reason| REASONS.contains(&reason.as_str()))
        })
}

/// The reasons of an error of a JSON API: `{"error": {"errors": [{"reason": "…"}]}}`.
fn reasons(body: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Body {
        error: Details,
    }
    #[derive(Deserialize)]
    struct Details {
        #[serde(default)]
        errors: Vec<Reason>,
    }
    #[derive(Deserialize)]
    struct Reason {
        #[serde(default)]
        reason: String,
    }
    serde_json::from_slice::<Body>(body)
        .map(|body| body.error.errors.into_iter().map(|it| it.reason).collect())
        .unwrap_or_default()
}
