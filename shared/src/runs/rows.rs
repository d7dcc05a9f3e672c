//! What ledgers are told of runs: changes of state and ends of steps, never progress.

use super::{CheckResult, Run, Runs, StepState};
use crate::{
    entities::Counters,
    ids,
    ledger::{
        RowVersion,
        rows::{DqResult, PipelineRun, QueueEntry, StepLog, UsageQuota},
    },
    store::{Owner, StoreError, Write},
};

impl Runs {
    /// The ledger rows of a run that changed; `before` is what it was, if it was there.
    pub(super) fn rows(&self, run: &Run, before: Option<&Run>) -> Result<Vec<Write>, StoreError> {
        let owner = Owner::Org(run.org_slug.clone());
        let version = version(run.version, before.map(|before| before.version), &run.requested_by);
        let mut writes = vec![
            self.ledger.write(&owner, &run_row(run, version.clone()))?,
            self.ledger.write(&owner, &queue_row(run, version))?,
        ];
        if let Some(before) = before {
            writes.extend(self.step_rows(run, before)?);
            writes.extend(self.check_rows(run, before)?);
        }
        Ok(writes)
    }

    /// The ledger rows of steps that ended since `before`.
    pub(super) fn step_rows(&self, run: &Run, before: &Run) -> Result<Vec<Write>, StoreError> {
        let owner = Owner::Org(run.org_slug.clone());
        let mut writes = Vec::new();
        for step in &run.steps {
            let old = before.steps.iter().find(|old| old.step_id == step.step_id);
            let told = old.is_some_and(|old| old.ended_at.is_some() && old.version == step.version);
            if step.ended_at.is_some() && !told {
                let old = old.map(|old| old.version).filter(|version| *version > 0);
                let version = version(step.version, old, &run.requested_by);
                writes.push(self.ledger.write(&owner, &step_row(run, step, version))?);
            }
        }
        Ok(writes)
    }

    /// The ledger rows of checks that are new since `before`.
    fn check_rows(&self, run: &Run, before: &Run) -> Result<Vec<Write>, StoreError> {
        let owner = Owner::Org(run.org_slug.clone());
        let new = run.checks.iter().filter(|check| !before.checks.contains(check));
        new.map(|check| self.ledger.write(&owner, &check_row(run, check))).collect()
    }

    /// The ledger row of what a run takes of its organization's limits, or gives back.
    pub(super) fn quota_row(
        &self,
        run: &Run,
        counters: &Counters,
        action: &str,
    ) -> Result<Write, StoreError> {
        let row = UsageQuota {
            org_slug: run.org_slug.clone(),
            usage_date: run.counted_on,
            run_id: run.run_id,
            action: action.to_owned(),
            outcome: run.status.is_end().then(|| run.status.as_str().to_owned()),
            day_runs: i64::from(counters.day_runs),
            month_runs: i64::from(counters.month_runs),
            concurrent_runs: whole(counters.slots.len() as u64),
        };
        self.ledger.write(&Owner::Org(run.org_slug.clone()), &row)
    }
}

fn version(version: i64, replaces: Option<i64>, by: &str) -> RowVersion {
    RowVersion { version, replaces, recorded_by: Some(by.to_owned()) }
}

fn run_row(run: &Run, version: RowVersion) -> PipelineRun {
    PipelineRun {
        org_slug: run.org_slug.clone(),
        run_id: run.run_id,
        pipeline_id: run.pipeline.as_str().to_owned(),
        source_id: run.source.as_str().to_owned(),
        trigger: run.trigger.as_str().to_owned(),
        status: run.status.as_str().to_owned(),
        start_time: run.created_at,
        taken_time: run.started_at,
        end_time: run.ended_at,
        window_start: run.window.map(|window| window.start),
        window_end: run.window.map(|window| window.end),
        parent_run_id: run.parent,
        retry_of: run.retry_of,
        attempts: i64::from(run.attempts),
        rows: whole(run.rows()),
        bytes: whole(run.bytes()),
        rejected_rows: whole(run.rejected_rows()),
        error_code: run.error.as_ref().map(|error| error.code.clone()),
        error_message: run.error.as_ref().map(|error| error.message.clone()),
        version,
    }
}

fn queue_row(run: &Run, version: RowVersion) -> QueueEntry {
    QueueEntry {
        org_slug: run.org_slug.clone(),
        run_id: run.run_id,
        pipeline_id: run.pipeline.as_str().to_owned(),
        scheduled_time: run.created_at,
        priority: i64::from(run.parent.is_some()),
        attempts: i64::from(run.attempts),
        status: run.status.as_str().to_owned(),
        version,
    }
}

fn step_row(run: &Run, step: &StepState, version: RowVersion) -> StepLog {
    StepLog {
        org_slug: run.org_slug.clone(),
        run_id: run.run_id,
        step_id: step.step_id.clone(),
        processor: step.processor.clone(),
        attempt: i64::from(run.attempts),
        status: step.status.as_str().to_owned(),
        start_time: step.started_at.or(step.ended_at).unwrap_or(run.created_at),
        end_time: step.ended_at,
        rows: whole(step.rows),
        bytes: whole(step.bytes),
        rejected_rows: whole(step.rejected_rows),
        error_code: step.error.as_ref().map(|error| error.code.clone()),
        error_message: step.error.as_ref().map(|error| error.message.clone()),
        version,
    }
}

fn check_row(run: &Run, check: &CheckResult) -> DqResult {
    let asked = ids::made_at(run.run_id).unwrap_or(run.created_at);
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    DqResult {
        org_slug: run.org_slug.clone(),
        ingestion_date: asked.to_zoned_datetime(jiff::tz::TimeZone::UTC).date(),
        pipeline_id: run.pipeline.as_str().to_owned(),
        run_id: run.run_id,
        step_id: check.step_id.clone(),
        rule: check.rule.clone(),
        about: text(&check.about),
        passed: check.passed,
        failed_rows: whole(check.failed_rows),
        sample: text(&check.message),
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
