//! Executing a run that was delivered.

use jiff::SignedDuration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Budget, End, Failure, Run, RunStatus, Runs, keep::keep, lease, release::Again,
    submit::ANNOUNCED,
};
use crate::{
    Error, Result,
    org::OrgSlug,
    pipeline::{
        Plan,
        engine::{Cut, Ended, Job, LocalInput, Reason},
    },
    queue::{JobError, RunMessage},
    store::{Held, StoreError},
};

/// How often a run is taken before it is given up.
pub const ATTEMPTS: u32 = 5;

impl Runs {
    /// Executes the run that a message announces. What is not to be executed now is left alone:
    /// the message is done with.
    ///
    /// # Errors
    ///
    /// [`JobError::Retry`] where we could not even write down what came of it, or are shutting
    /// down.
    pub async fn deliver(
        &self,
        message: &RunMessage,
        shutdown: &CancellationToken,
    ) -> Result<(), JobError> {
        self.execute(&message.org_slug, message.run_id, shutdown).await
    }

    /// Executes a run, or does what else is due for it.
    ///
    /// # Errors
    ///
    /// As [`Runs::deliver`].
    pub async fn execute(
        &self,
        org: &OrgSlug,
        run_id: Uuid,
        shutdown: &CancellationToken,
    ) -> Result<(), JobError> {
        let found = self.find(org, run_id).await;
        let Some(held) = found.map_err(|error| retry(error.into()))? else {
            tracing::warn!(run = %run_id, "message of an unknown run, dropped");
            return Ok(());
        };
        if held.value.backfill.is_some() {
            return self.advance(org, run_id).await.map_err(retry);
        }
        if !held.value.may_be_taken(self.clock.now(), self.boot) {
            return Ok(());
        }
        if let Some(end) = self.ends_untaken(&held.value).await.map_err(retry)? {
            return self.end(org, run_id, &end).await.map(drop).map_err(retry);
        }
        if let Some(imports) = self.imports.as_ref().filter(|imports| imports.takes(&held.value)) {
            return self.hand_over(held, imports).await;
        }
        // Large, and most deliveries do not come so far.
        Box::pin(self.take_and_execute(held, shutdown)).await
    }

    /// How a run ends that is not to be executed any more.
    pub(super) async fn ends_untaken(&self, run: &Run) -> Result<Option<End>> {
        if run.cancel_requested_at.is_some() {
            return Ok(Some(End::unheld(RunStatus::Cancelled, None)));
        }
        if run.attempts >= ATTEMPTS {
            let failure = run.error.clone().unwrap_or_else(|| {
                Failure::new("given_up", format!("{ATTEMPTS} attempts were cut off half-way"))
            });
            return Ok(Some(End::unheld(RunStatus::Failed, Some(failure))));
        }
        let organization = self.organization(&run.org_slug).await?;
        match self.may_run(&organization, self.clock.now()).await {
            Ok(_) => Ok(None),
            Err(Error::Forbidden(message)) => {
                let failure = Failure::new("subscription", message);
                Ok(Some(End::unheld(RunStatus::Failed, Some(failure))))
            }
            Err(error) => Err(error),
        }
    }

    async fn take_and_execute(
        &self,
        mut held: Held<Run>,
        shutdown: &CancellationToken,
    ) -> Result<(), JobError> {
        let (before, holder) = (held.value.clone(), self.ids.new_id());
        let plan = self.plans.get(&held.value.pipeline).ok().cloned();
        match self.take(&mut held, &before, holder).await {
            Ok(()) => {}
            // Another delivery was quicker.
            Err(StoreError::Conflict(_)) => return Ok(()),
            Err(error) => return Err(JobError::Retry(error.into())),
        }
        tracing::info!(run = %held.value.run_id, attempt = held.value.attempts, "run taken");
        let Some(plan) = plan else {
            let failure = Failure::new("no_such_pipeline", "this pipeline is no longer there");
            return self.finish(&held.value, holder, Ended::Failed(failure), None).await;
        };
        let cut = Cut::default();
        match self.input(&held.value).await {
            Ok(input) => self.work(held, &plan, (input, cut), shutdown).await,
            Err(error) => {
                let ended = Ended::before_any_step(&error);
                self.finish(&held.value, holder, ended, None).await
            }
        }
    }

    async fn take(
        &self,
        held: &mut Held<Run>,
        before: &Run,
        holder: Uuid,
    ) -> Result<(), StoreError> {
        lease::hold(&mut held.value, self.boot, holder, self.clock.now());
        let mut writes = self.rows(&held.value, Some(before))?;
        writes.push(held.replace()?);
        let versions = self.ledger.commit(writes).await?;
        held.version = versions.into_iter().next_back().unwrap_or_default();
        Ok(())
    }

    async fn work(
        &self,
        held: Held<Run>,
        plan: &Plan,
        (input, cut): (Option<LocalInput>, Cut),
        shutdown: &CancellationToken,
    ) -> Result<(), JobError> {
        let holder = held.value.lease.as_ref().map_or(Uuid::nil(), |lease| lease.holder);
        let job = Job::new(plan, &held.value, input, (self.budget, cut.clone()));
        let done = CancellationToken::new();
        let work = async {
            let ended = self.engine.execute(&job).await;
            done.cancel();
            ended
        };
        let watch = async {
            tokio::select! {
                () = done.cancelled() => {}
                () = shutdown.cancelled() => cut.now(Reason::Shutdown),
                () = self.time_runs_out(&cut) => {}
            }
        };
        let (ended, held, ()) =
            tokio::join!(work, keep(self, held, (&job.board, &cut), &done), watch);
        self.finish(&held.value, holder, ended, Some(&job)).await
    }

    /// First nothing more is begun, then what is under way is cut.
    async fn time_runs_out(&self, cut: &Cut) {
        let Budget { begins, ends, .. } = self.budget;
        sleep(begins).await;
        cut.no_more();
        sleep(ends.saturating_sub(begins)).await;
        cut.now(Reason::Deadline);
    }

    async fn finish(
        &self,
        run: &Run,
        holder: Uuid,
        ended: Ended,
        job: Option<&Job<'_>>,
    ) -> Result<(), JobError> {
        let content = job.map(|job| job.board.content());
        let (status, error) = match ended {
            Ended::Completed => (RunStatus::Completed, None),
            Ended::TimedOut(failure) => (RunStatus::TimedOut, Some(failure)),
            Ended::Cut(Reason::Lost) => return Ok(()),
            Ended::Cut(Reason::Shutdown) => {
                let again = Again { holder, error: None, wait: SignedDuration::ZERO, content };
                self.release(run, again).await.map_err(retry)?;
                return Err(JobError::Retry(anyhow::anyhow!("the process is asked to end")));
            }
            Ended::Cut(_) => (RunStatus::Cancelled, None),
            Ended::Later => {
                let again = Again { holder, error: None, wait: ANNOUNCED, content };
                self.release(run, again).await.map_err(retry)?;
                self.announce(run).await;
                return Ok(());
            }
            Ended::Again(failure) if run.attempts < ATTEMPTS => {
                let wait = SignedDuration::from_secs(30 << run.attempts.min(6));
                let again = Again { holder, error: Some(failure), wait, content };
                return self.release(run, again).await.map_err(retry);
            }
            Ended::Failed(failure) | Ended::Again(failure) => (RunStatus::Failed, Some(failure)),
        };
        let end = End { status, error, holder: Some(holder), content };
        self.end(&run.org_slug, run.run_id, &end).await.map(drop).map_err(retry)
    }
}

fn retry(error: Error) -> JobError {
    JobError::Retry(error.into())
}
