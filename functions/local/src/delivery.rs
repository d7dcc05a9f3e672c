//! The embedded Pub/Sub and Cloud Scheduler: what waits is pushed through the real routes, in
//! process, with a token of the in-process issuer.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{Router, body::Body};
use convergence::{
    auth::oidc::{LocalIssuer, Purpose},
    ids::Ids,
    queue::{RunMessage, envelope},
};
use http::{
    Request, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use tokio::sync::{Semaphore, mpsc::UnboundedReceiver};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

/// Where runs are pushed.
const PUSH: &str = "/internal/pubsub/pipeline-runs";
/// What is called each minute.
const SWEEP: &str = "/internal/scheduler/sweep";
/// How often the sweep comes.
const MINUTE: Duration = Duration::from_mins(1);
/// How many messages are out at the same time.
const WORKERS: usize = 4;
/// How often a refused message is pushed again; after that the sweep publishes it.
const ATTEMPTS: u32 = 5;

/// Pushes messages and sweeps.
#[derive(Clone)]
pub struct Delivery {
    router: Router,
    issuer: Arc<LocalIssuer>,
    ids: Arc<dyn Ids>,
}

impl Delivery {
    /// Pushes to `router`, whose verifier trusts `issuer`.
    #[must_use]
    pub fn new(router: Router, issuer: Arc<LocalIssuer>, ids: Arc<dyn Ids>) -> Self {
        Self { router, issuer, ids }
    }

    /// Pushes one message, once.
    ///
    /// # Errors
    ///
    /// Fails when the request cannot be made, which is a bug; a refusal is a status.
    pub async fn push(&self, message: &RunMessage) -> anyhow::Result<StatusCode> {
        let id = self.ids.new_id().to_string();
        let body = envelope(message, &id, "local")?;
        self.call(PUSH, Purpose::Push, body.to_string()).await
    }

    /// Publishes what is due and finishes what was left.
    ///
    /// # Errors
    ///
    /// As [`Delivery::push`].
    pub async fn sweep(&self) -> anyhow::Result<StatusCode> {
        self.call(SWEEP, Purpose::Schedule, "{}".to_owned()).await
    }

    async fn call(&self, path: &str, purpose: Purpose, body: String) -> anyhow::Result<StatusCode> {
        let request = Request::post(path)
            .header(AUTHORIZATION, format!("Bearer {}", self.issuer.token(purpose)?))
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .context("cannot make a request")?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        Ok(response.status())
    }

    /// Pushes what comes out of the queue until `stop`, then waits for what is out.
    pub async fn run(self, mut queue: UnboundedReceiver<RunMessage>, stop: CancellationToken) {
        let (slots, out) = (Arc::new(Semaphore::new(WORKERS)), TaskTracker::new());
        loop {
            let message = tokio::select! {
                () = stop.cancelled() => break,
                message = queue.recv() => message,
            };
            let (Some(message), Ok(slot)) = (message, slots.clone().acquire_owned().await) else {
                break;
            };
            let this = self.clone();
            out.spawn(async move {
                this.push_until_taken(&message).await;
                drop(slot);
            });
        }
        out.close();
        out.wait().await;
    }

    /// Sweeps at once and then each minute, until `stop`.
    pub async fn sweep_each_minute(self, stop: CancellationToken) {
        loop {
            match self.sweep().await {
                Ok(status) if status.is_success() => tracing::debug!("swept"),
                Ok(status) => tracing::warn!(%status, "the sweep was refused"),
                Err(error) => tracing::error!(cause = format!("{error:#}"), "the sweep failed"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(MINUTE) => {}
            }
        }
    }

    async fn push_until_taken(&self, message: &RunMessage) {
        for attempt in 1..=ATTEMPTS {
            match self.push(message).await {
                Ok(status) if status.is_success() => return,
                Ok(status) => {
                    tracing::warn!(run_id = %message.run_id, %status, attempt, "a delivery was refused");
                }
                Err(error) => {
                    tracing::error!(run_id = %message.run_id, cause = format!("{error:#}"), "a delivery failed");
                }
            }
            tokio::time::sleep(Duration::from_millis(100) * 2_u32.pow(attempt)).await;
        }
    }
}
