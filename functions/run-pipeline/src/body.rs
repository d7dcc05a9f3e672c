//! A run as the API shows it.

use convergence::{
    queue::Window,
    runs::{CheckResult, Failure, Finding, Run, RunStatus, StepState, StepStatus, Trigger},
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunBody {
    /// Its id.
    run_id: Uuid,
    /// What it executes.
    pipeline: String,
    /// Whose rows it replaces: `{provider}/{name}`.
    source: String,
    /// Where it is.
    status: RunStatus,
    /// The first day it covers; null for files.
    start_date: Option<Date>,
    /// The last day it covers, included.
    end_date: Option<Date>,
    /// The name of the file it reads.
    file_name: Option<String>,
    /// SHA-256 of that file, once it was read.
    input_sha256: Option<String>,
    /// Why it exists.
    trigger: Trigger,
    /// Who caused it.
    requested_by: String,
    /// The backfill it is a window of.
    parent: Option<Uuid>,
    /// The run it is another try of.
    retry_of: Option<Uuid>,
    /// When it was asked for.
    created_at: Timestamp,
    /// When it was first taken.
    started_at: Option<Timestamp>,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// How often it was taken.
    attempts: u32,
    /// Whether somebody asked for its end.
    cancel_requested: bool,
    /// Of a backfill: how far it is.
    windows: Option<WindowsBody>,
    /// Its steps.
    steps: Vec<StepBody>,
    /// Rows that became visible by it, over all steps.
    rows: u64,
    /// Bytes that it read.
    bytes: u64,
    /// Rows that could not be used.
    rejected_rows: u64,
    /// What a person should look at.
    findings: Vec<Finding>,
    /// What its quality steps checked.
    checks: Vec<CheckResult>,
    /// Why it did not complete, or waits for another attempt.
    error: Option<Failure>,
}

/// How far a backfill is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WindowsBody {
    /// Windows in all.
    total: usize,
    /// Windows that have a run.
    started: usize,
    /// Windows whose run has ended.
    ended: usize,
    /// Of those, windows whose run completed.
    completed: usize,
}

/// A step of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepBody {
    /// Its id in the pipeline.
    step_id: String,
    /// What does its work.
    processor: String,
    /// Where it is.
    status: StepStatus,
    /// How often it was tried.
    attempts: u32,
    /// Rows that it read so far; of a completed step: rows that became visible.
    rows: u64,
    /// Rows that gave way to them.
    replaced_rows: u64,
    /// Bytes that it read.
    bytes: u64,
    /// Rows that could not be used.
    rejected_rows: u64,
    /// When it began.
    started_at: Option<Timestamp>,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// Why it did not complete.
    error: Option<Failure>,
}

impl From<Run> for RunBody {
    fn from(run: Run) -> Self {
        let (rows, bytes, rejected_rows) = (run.rows(), run.bytes(), run.rejected_rows());
        let day = |day: fn(&Window) -> Date| run.window.as_ref().map(day);
        Self {
            run_id: run.run_id,
            pipeline: run.pipeline.as_str().to_owned(),
            source: run.source.as_str().to_owned(),
            status: run.status,
            start_date: day(|window| window.start),
            end_date: day(|window| window.end),
            file_name: run.input.as_ref().map(|input| input.file_name.clone()),
            input_sha256: run.input.and_then(|input| input.sha256),
            trigger: run.trigger,
            requested_by: run.requested_by,
            parent: run.parent,
            retry_of: run.retry_of,
            created_at: run.created_at,
            started_at: run.started_at,
            ended_at: run.ended_at,
            attempts: run.attempts,
            cancel_requested: run.cancel_requested_at.is_some(),
            windows: run.backfill.map(|backfill| WindowsBody {
                total: backfill.windows.len(),
                started: backfill.started,
                ended: backfill.ended.len(),
                completed: backfill
                    .ended
                    .values()
                    .filter(|status| **status == RunStatus::Completed)
                    .count(),
            }),
            steps: run.steps.into_iter().map(StepBody::from).collect(),
            rows,
            bytes,
            rejected_rows,
            findings: run.findings,
            checks: run.checks,
            error: run.error,
        }
    }
}

impl From<StepState> for StepBody {
    fn from(step: StepState) -> Self {
        Self {
            step_id: step.step_id,
            processor: step.processor,
            status: step.status,
            attempts: step.attempts,
            rows: step.rows,
            replaced_rows: step.replaced_rows,
            bytes: step.bytes,
            rejected_rows: step.rejected_rows,
            started_at: step.started_at,
            ended_at: step.ended_at,
            error: step.error,
        }
    }
}
