//! Imports that are too large for one delivery: handed to a job, which has hours.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ATTEMPTS, End, Failure, Run, RunStatus, Runs};
use crate::{
    Result,
    org::OrgSlug,
    queue::JobError,
    store::{Held, StoreError},
};

/// How long a job that was started may take to take its run.
const STARTS: SignedDuration = SignedDuration::from_mins(10);

/// A job that executes one run outside of this process.
#[async_trait]
pub trait ImportJob: fmt::Debug + Send + Sync {
    /// Starts it for a run. Twice is harmless: the second finds the lease taken.
    ///
    /// # Errors
    ///
    /// Fails where it cannot be started; the run stays due.
    async fn start(&self, org: &OrgSlug, run_id: Uuid) -> anyhow::Result<()>;
}

/// What large imports are handed to.
#[derive(Debug, Clone)]
pub struct Imports {
    /// The job.
    pub job: Arc<dyn ImportJob>,
    /// From which size an import is large.
    pub min_bytes: u64,
}

/// What a run keeps of being handed to a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// How often.
    pub times: u32,
    /// Until when a job may still be on its way to it.
    pub until: Timestamp,
}

impl Imports {
    /// Whether a run reads a file that is large.
    #[must_use]
    pub fn takes(&self, run: &Run) -> bool {
        let bytes = run.input.as_ref().and_then(|input| input.bytes);
        bytes.is_some_and(|bytes| bytes >= self.min_bytes)
    }
}

impl Runs {
    /// Writes down that a job was started for a run, and starts it.
    pub(super) async fn hand_over(
        &self,
        mut held: Held<Run>,
        imports: &Imports,
    ) -> Result<(), JobError> {
        let (org, run_id, now) = (held.value.org_slug.clone(), held.value.run_id, self.clock.now());
        let before = held.value.handed.as_ref();
        if before.is_some_and(|handed| handed.until > now) {
            return Ok(());
        }
        let times = before.map_or(1, |handed| handed.times + 1);
        if times > ATTEMPTS {
            let message = format!("the job for large imports did not start, {ATTEMPTS} times");
            let failure = Failure::new("job_not_started", message);
            let end = End::unheld(RunStatus::Failed, Some(failure));
            let ended = self.end(&org, run_id, &end).await;
            return ended.map(drop).map_err(|error| JobError::Retry(error.into()));
        }
        held.value.handed = Some(Handed { times, until: now + STARTS });
        held.value.next_at = Some(now + STARTS);
        if !self.kept(&mut held).await? {
            return Ok(());
        }
        match imports.job.start(&org, run_id).await {
            Ok(()) => tracing::info!(run = %run_id, times, "large import was handed to its job"),
            Err(cause) => {
                let cause = format!("{cause:#}");
                tracing::error!(run = %run_id, times, cause, "job for a large import did not start");
                held.value.handed = Some(Handed { times, until: now });
                held.value.next_at = Some(now + SignedDuration::from_secs(30 << times));
                self.kept(&mut held).await?;
            }
        }
        Ok(())
    }

    /// Writes a run back. `false` where somebody else was quicker.
    async fn kept(&self, held: &mut Held<Run>) -> Result<bool, JobError> {
        let write = held.replace().map_err(|error| JobError::Retry(error.into()))?;
        match self.store.commit(vec![write]).await {
            Ok(versions) => {
                held.version = versions.into_iter().next().unwrap_or_default();
                Ok(true)
            }
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(JobError::Retry(error.into())),
        }
    }
}
