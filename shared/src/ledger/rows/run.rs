//! What runs did, and what they used.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use uuid::Uuid;

use super::{LedgerRow, RowVersion};
use crate::org::OrgSlug;

/// One reservation, release or outcome that counts against a limit: a row of `org_usage_quotas`.
#[derive(Debug, Clone, Serialize)]
pub struct UsageQuota {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// The day it counts on, in the organization's timezone.
    pub usage_date: Date,
    /// The run.
    pub run_id: Uuid,
    /// RESERVED when the run took its slot, RELEASED when it gave it back.
    pub action: String,
    /// How the run ended.
    pub outcome: Option<String>,
    /// Runs of that day afterwards.
    pub day_runs: i64,
    /// Runs of that month afterwards.
    pub month_runs: i64,
    /// Held slots afterwards.
    pub concurrent_runs: i64,
}

impl LedgerRow for UsageQuota {
    const TABLE: &'static str = "org_usage_quotas";
}

/// A version of a queued run: a row of `org_pipeline_execution_queue`.
#[derive(Debug, Clone, Serialize)]
pub struct QueueEntry {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// The run.
    pub run_id: Uuid,
    /// The pipeline.
    pub pipeline_id: String,
    /// When it was asked for.
    pub scheduled_time: Timestamp,
    /// Lower is sooner.
    pub priority: i64,
    /// How often it was taken.
    pub attempts: i64,
    /// Where it is.
    pub status: String,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for QueueEntry {
    const TABLE: &'static str = "org_pipeline_execution_queue";
}

/// A version of a run: a row of `org_meta_pipeline_runs`.
#[derive(Debug, Clone, Serialize)]
pub struct PipelineRun {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// Its id, a UUIDv7.
    pub run_id: Uuid,
    /// The pipeline.
    pub pipeline_id: String,
    /// Whose rows it replaces.
    pub source_id: String,
    /// Why it exists.
    pub trigger: String,
    /// Where it is.
    pub status: String,
    /// When it was asked for.
    pub start_time: Timestamp,
    /// When it was first taken.
    pub taken_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// The first day it covers.
    pub window_start: Option<Date>,
    /// The last day it covers.
    pub window_end: Option<Date>,
    /// The backfill it is a window of.
    pub parent_run_id: Option<Uuid>,
    /// The run it is another try of.
    pub retry_of: Option<Uuid>,
    /// How often it was taken.
    pub attempts: i64,
    /// Rows that became visible.
    pub rows: i64,
    /// Bytes that were read.
    pub bytes: i64,
    /// Rows that could not be used.
    pub rejected_rows: i64,
    /// Why it did not complete, as a name.
    pub error_code: Option<String>,
    /// The same as a sentence.
    pub error_message: Option<String>,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for PipelineRun {
    const TABLE: &'static str = "org_meta_pipeline_runs";
}

/// A version of a step of a run: a row of `org_meta_step_logs`.
#[derive(Debug, Clone, Serialize)]
pub struct StepLog {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// The run.
    pub run_id: Uuid,
    /// The step.
    pub step_id: String,
    /// What it calls.
    pub processor: String,
    /// Which attempt of the run.
    pub attempt: i64,
    /// How it ended.
    pub status: String,
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// Rows that became visible.
    pub rows: i64,
    /// Bytes that were read.
    pub bytes: i64,
    /// Rows that could not be used.
    pub rejected_rows: i64,
    /// Why it failed, as a name.
    pub error_code: Option<String>,
    /// The same as a sentence.
    pub error_message: Option<String>,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for StepLog {
    const TABLE: &'static str = "org_meta_step_logs";
}

/// One data-quality rule checked on one run: a row of `org_meta_dq_results`.
#[derive(Debug, Clone, Serialize)]
pub struct DqResult {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// UTC day on which the run was asked for.
    pub ingestion_date: Date,
    /// The pipeline.
    pub pipeline_id: String,
    /// The run.
    pub run_id: Uuid,
    /// The step that checked it.
    pub step_id: String,
    /// The rule.
    pub rule: String,
    /// The column or table it is about.
    pub about: Option<String>,
    /// Whether it is kept.
    pub passed: bool,
    /// How many rows break it.
    pub failed_rows: i64,
    /// How it is broken.
    pub sample: Option<String>,
}

impl LedgerRow for DqResult {
    const TABLE: &'static str = "org_meta_dq_results";
}
