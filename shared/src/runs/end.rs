//! The end of a run: one commit writes it, gives the slot back and tells the backfill it is of.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Failure, Run, RunStatus, Runs, slots};
use crate::{
    Result,
    entities::{Counters, next_version},
    org::OrgSlug,
    pipeline::engine::Content,
    store::{Held, StoreExt as _, Write},
};

/// How a run ends.
#[derive(Debug, Clone)]
pub struct End {
    /// As what.
    pub status: RunStatus,
    /// Why, unless it completed.
    pub error: Option<Failure>,
    /// Who executed it; anybody may end a run that nobody executes.
    pub holder: Option<Uuid>,
    /// What its steps did, where that is newer than what is written.
    pub content: Option<Content>,
}

impl End {
    /// Of a run that nobody executes.
    #[must_use]
    pub fn unheld(status: RunStatus, error: Option<Failure>) -> Self {
        Self { status, error, holder: None, content: None }
    }
}

impl Run {
    pub(super) fn finish(&mut self, status: RunStatus, error: Option<Failure>, now: Timestamp) {
        self.status = status;
        self.error = error;
        self.ended_at = Some(now);
        self.lease = None;
        self.next_at = None;
    }

    /// Whether `end` may end it: it has not ended, and nobody else is at work on it.
    fn takes(&self, end: &End, now: Timestamp, boot: super::Boot) -> bool {
        let ours = match end.holder {
            Some(holder) => self.lease.as_ref().is_some_and(|lease| lease.holder == holder),
            None => !self.is_held(now, boot),
        };
        !self.status.is_end() && ours
    }

    /// Takes over what the steps did.
    pub(super) fn apply(&mut self, content: Content) {
        self.steps = content.steps;
        self.findings = content.findings;
        self.checks = content.checks;
        if let (Some(input), Some(sha256)) = (&mut self.input, content.input_sha256) {
            input.sha256 = Some(sha256);
        }
    }

    /// Another version of its ledger row begins.
    pub(super) fn touch(&mut self, now: Timestamp) {
        self.version = next_version(self.version, now);
    }
}

impl Runs {
    /// Ends a run. `None` where it had ended, or somebody else is at work on it.
    ///
    /// # Errors
    ///
    /// As the store; nothing was written.
    pub async fn end(&self, org: &OrgSlug, run_id: Uuid, end: &End) -> Result<Option<Run>> {
        for tries in 0.. {
            let now = self.clock.now();
            let Some(mut held) = self.find(org, run_id).await? else { return Ok(None) };
            if !held.value.takes(end, now, self.boot) {
                return Ok(None);
            }
            let writes = self.ending(&mut held, end, now).await?;
            if self.commit(writes).await? {
                let run = held.value;
                told(&run);
                if let Some(parent) = run.parent {
                    self.advance(org, parent).await?;
                }
                return Ok(Some(run));
            }
            self.again(tries).await?;
        }
        Ok(None)
    }

    async fn ending(&self, held: &mut Held<Run>, end: &End, now: Timestamp) -> Result<Vec<Write>> {
        let before = held.value.clone();
        let run = &mut held.value;
        if let Some(content) = end.content.clone() {
            run.apply(content);
        }
        run.finish(end.status, end.error.clone(), now);
        run.touch(now);
        let mut writes = self.rows(run, Some(&before))?;
        writes.push(held.replace()?);
        writes.extend(self.slot_back(&held.value, now).await?);
        writes.extend(self.parent_told(&held.value, now).await?);
        Ok(writes)
    }

    async fn slot_back(&self, run: &Run, now: Timestamp) -> Result<Vec<Write>> {
        let key = Counters::key(&run.org_slug);
        let counters = self.store.find::<Counters>(&key, now).await?;
        let holds = |held: &Held<Counters>| held.value.slots.contains(&run.run_id);
        let Some(mut counters) = counters.filter(holds) else { return Ok(Vec::new()) };
        let began = run.steps.iter().any(|step| step.attempts > 0);
        slots::release(&mut counters.value, run.run_id, run.counted_on, began);
        let row = self.quota_row(run, &counters.value, "RELEASED")?;
        Ok(vec![counters.replace()?, row])
    }

    async fn parent_told(&self, run: &Run, now: Timestamp) -> Result<Option<Write>> {
        let Some(parent) = run.parent else { return Ok(None) };
        let Some(mut parent) = self.find(&run.org_slug, parent).await? else { return Ok(None) };
        if parent.value.status.is_end() {
            return Ok(None);
        }
        if let Some(backfill) = &mut parent.value.backfill {
            backfill.ended.insert(run.run_id, run.status);
        }
        parent.value.next_at = Some(now);
        Ok(Some(parent.replace()?))
    }
}

/// One line of the log for the end of a run.
fn told(run: &Run) {
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                run = %run.run_id,
                org = %run.org_slug,
                pipeline = run.pipeline.as_str(),
                source = run.source.as_str(),
                status = run.status.as_str(),
                attempts = run.attempts,
                rows = run.rows(),
                error = run.error.as_ref().map(|error| error.code.as_str()),
                "run ended"
            )
        };
    }
    match run.status {
        RunStatus::Failed | RunStatus::TimedOut => line!(warn),
        _ => line!(info),
    }
}
