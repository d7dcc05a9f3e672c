//! Submitting a run: one commit takes the slot, counts it and makes the run; then it is announced.

use uuid::Uuid;

use super::{
    Asked, Backfill, Input, Run, Runs, Trigger,
    run::Draft,
    slots::{self, Over},
};
use crate::{
    Error, Result,
    auth::Actor,
    entities::Organization,
    http::Trace,
    pipeline::Plan,
    store::{Entity as _, Write},
};

/// How long an announced run may wait to be taken before it is announced again.
pub(super) const ANNOUNCED: jiff::SignedDuration = jiff::SignedDuration::from_secs(120);

/// What is submitted.
#[derive(Debug)]
pub struct Submission<'a> {
    /// The run's id, so that an answer can name it before it is made.
    pub run_id: Uuid,
    /// For whom.
    pub organization: &'a Organization,
    /// What.
    pub plan: &'a Plan,
    /// With what.
    pub asked: Asked,
    /// The file, once it was found.
    pub input: Option<Input>,
    /// By whom.
    pub actor: &'a Actor,
    /// The run it is another try of.
    pub retry_of: Option<Uuid>,
    /// The trace of the request that asks for it.
    pub trace: Option<&'a Trace>,
}

impl Runs {
    /// Submits a run, or a backfill where the range is longer than one run may cover. `besides`
    /// goes into the same commit: the answer to an idempotent request, an audit entry.
    ///
    /// # Errors
    ///
    /// 403 where the subscription stops pipelines, 429 over a limit.
    pub async fn submit(&self, submission: &Submission<'_>, besides: &[Write]) -> Result<Run> {
        for tries in 0.. {
            let now = self.clock.now();
            let run = self.drafted(submission);
            let mut writes = besides.to_vec();
            if run.backfill.is_none() {
                writes.extend(self.reserve(submission.organization, &run).await?);
            } else {
                self.may_run(submission.organization, now).await?;
            }
            writes.push(run.create(Run::key(&run.org_slug, run.run_id))?);
            writes.extend(self.rows(&run, None)?);
            if self.commit(writes).await? {
                return self.announced(run).await;
            }
            self.again(tries).await?;
        }
        Err(Error::Internal(anyhow::anyhow!("there is always another try")))
    }

    async fn announced(&self, run: Run) -> Result<Run> {
        if run.backfill.is_some() {
            self.advance(&run.org_slug, run.run_id).await?;
        } else {
            self.announce(&run).await;
        }
        Ok(run)
    }

    /// Hands a run's message to the queue; what fails, the sweep does again.
    pub async fn announce(&self, run: &Run) {
        if let Err(cause) = self.queue.publish(&run.message()).await {
            let cause = format!("{cause:#}");
            tracing::warn!(run = %run.run_id, cause, "run could not be announced, the sweep will");
        }
    }

    fn drafted(&self, submission: &Submission<'_>) -> Run {
        let now = self.clock.now();
        let Submission { run_id, organization, plan, asked, input, actor, retry_of, trace } =
            submission;
        let windows = asked.windows(plan);
        let backfill = (windows.len() > 1).then(|| Backfill::new(windows));
        let mut run = Run::new(Draft {
            run_id: *run_id,
            org_slug: organization.org_slug.clone(),
            pipeline: plan.name.clone(),
            source: asked.source.clone(),
            trigger: if retry_of.is_some() { Trigger::Retry } else { Trigger::Request },
            requested_by: format!("{}:{}", actor.kind.as_str(), actor.id),
            counted_on: slots::today(organization, now),
            now,
        });
        run.window = asked.window;
        run.input.clone_from(input);
        run.months.clone_from(&asked.months);
        run.force = asked.force;
        run.focus_version = asked.focus_version;
        run.retry_of = *retry_of;
        run.traceparent = trace.and_then(Trace::traceparent);
        // A backfill is looked at at once, a run when nobody took it.
        run.next_at = Some(if backfill.is_some() { now } else { now + ANNOUNCED });
        run.backfill = backfill;
        run
    }

    /// Refuses where the subscription stops pipelines.
    pub(super) async fn may_run(
        &self,
        organization: &Organization,
        now: jiff::Timestamp,
    ) -> Result<crate::entities::Subscription> {
        let subscription = self.subscription(&organization.org_slug, now).await?;
        if subscription.may_run(now) {
            return Ok(subscription);
        }
        let status = subscription.status_at(now).as_str();
        Err(Error::Forbidden(format!(
            "the subscription is {status}: pipelines are stopped until the plan is active again"
        )))
    }

    /// Refuses where [`Runs::submit`] would refuse now. A backfill waits for slots, a run does not.
    ///
    /// # Errors
    ///
    /// 403 where the subscription stops pipelines, 429 over a limit.
    pub async fn may_submit(
        &self,
        organization: &Organization,
        plan: &Plan,
        asked: &Asked,
    ) -> Result<()> {
        let now = self.clock.now();
        let subscription = self.may_run(organization, now).await?;
        if asked.windows(plan).len() > 1 {
            return Ok(());
        }
        let mut count = self.counters(organization, now).await?;
        let today = slots::today(organization, now);
        slots::reserve(count.value(), &subscription.limits, today, Uuid::nil())
            .map_err(|over| over.refusal(now, &slots::zone(organization)))
    }

    /// The write that takes a slot for a run.
    async fn reserve(&self, organization: &Organization, run: &Run) -> Result<Vec<Write>> {
        let now = self.clock.now();
        let refusal = |over: Over| over.refusal(now, &slots::zone(organization));
        let subscription = self.may_run(organization, now).await?;
        let mut count = self.counters(organization, now).await?;
        slots::reserve(count.value(), &subscription.limits, run.counted_on, run.run_id)
            .map_err(refusal)?;
        let row = self.quota_row(run, count.value(), "RESERVED")?;
        Ok(vec![count.write()?, row])
    }
}
