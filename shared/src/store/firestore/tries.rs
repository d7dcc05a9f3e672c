//! Trying again what may pass, under the policy of all clients of Google Cloud.

use std::{future::Future, sync::Arc};

use anyhow::anyhow;
use google_cloud_gax::{
    backoff_policy::BackoffPolicy,
    error::{Error, rpc},
    retry_policy::RetryPolicy,
    retry_result::RetryResult,
    retry_state::RetryState,
};
use tonic::{Code, Status};

use crate::{
    google::{Waits, policy},
    store::StoreError,
};

/// The attempts at one operation.
pub(super) struct Tries {
    state: RetryState,
    policy: Arc<dyn RetryPolicy>,
    backoff: Box<dyn BackoffPolicy>,
}

impl Tries {
    /// Begins. What is tried may be done twice.
    pub(super) fn begin(waits: Waits) -> Self {
        let (policy, backoff) = (policy().into(), Box::new(waits.backoff()));
        Self { state: RetryState::new(true), policy, backoff }
    }

    /// After a failure: returns when the next attempt may begin.
    ///
    /// # Errors
    ///
    /// Fails where another attempt would not help, or enough were made.
    pub(super) async fn wait(&mut self, status: &Status) -> Result<(), StoreError> {
        self.state.attempt_count += 1;
        let code = if passes(status) { rpc::Code::Unavailable } else { rpc::Code::Unknown };
        let error = Error::service(rpc::Status::default().set_code(code));
        match self.policy.on_error(&self.state, error) {
            RetryResult::Continue(_) => {
                tracing::debug!(code = ?status.code(), attempt = self.state.attempt_count, "Firestore is asked again");
                tokio::time::sleep(self.backoff.on_failure(&self.state)).await;
                Ok(())
            }
            RetryResult::Permanent(_) | RetryResult::Exhausted(_) => Err(failed(status)),
        }
    }
}

/// A read, until it succeeds or enough attempts were made.
pub(super) async fn again<T, F>(waits: Waits, read: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, Status>>,
{
    let mut tries = Tries::begin(waits);
    loop {
        match read().await {
            Ok(found) => return Ok(found),
            Err(status) => tries.wait(&status).await?,
        }
    }
}

/// What a failure means to a caller.
pub(super) fn failed(status: &Status) -> StoreError {
    let cause = anyhow!("{:?}: {}", status.code(), status.message());
    if passes(status) {
        StoreError::Unavailable(cause.context("Firestore does not answer"))
    } else {
        StoreError::Other(cause.context("Firestore refuses"))
    }
}

/// Whether the same call may work later: overload, contention, lost connections. A connection that
/// breaks in the middle of a call is `Unknown` to the transport.
fn passes(status: &Status) -> bool {
    matches!(status.code(), Code::Aborted | Code::ResourceExhausted) || leaves_doubt(status)
}

/// Whether the call may have been done all the same.
pub(super) fn leaves_doubt(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::Internal
            | Code::DeadlineExceeded
            | Code::Cancelled
            | Code::Unknown
    )
}
