//! A run: `runs/{org}/{UUIDv7}`.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{CheckResult, Failure, Finding, Handed, StepState};
use crate::{
    entities::next_version,
    focus::Version,
    http::Trace,
    org::OrgSlug,
    pipeline::plan::PipelineName,
    queue::{RunMessage, Window},
    store::{Collection, Entity, Key},
    warehouse::SourceId,
};

/// Where a run is. An end is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunStatus {
    /// Waits to be taken, the first time or again.
    Pending,
    /// Somebody holds its lease; of a backfill: its children run.
    Running,
    /// Did all it should.
    Completed,
    /// Gave up.
    Failed,
    /// Stopped because somebody asked for it.
    Cancelled,
    /// Took longer than it may.
    TimedOut,
}

impl RunStatus {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::TimedOut => "TIMED_OUT",
        }
    }

    /// Whether it is an end.
    #[must_use]
    pub fn is_end(self) -> bool {
        !matches!(self, Self::Pending | Self::Running)
    }
}

/// Why a run exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Somebody asked for it.
    Request,
    /// Somebody asked for another try of an earlier run.
    Retry,
    /// It is a window of a backfill.
    Backfill,
}

impl Trigger {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Retry => "retry",
            Self::Backfill => "backfill",
        }
    }
}

/// The file that a run reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// `upload://{id}` or `file:///path`.
    pub uri: String,
    /// What its owner calls it; its ending says what it is.
    pub file_name: String,
    /// SHA-256 of its bytes, in hex, under which it is kept; of a file that did not come through us
    /// known once it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How many bytes it has, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// Who executes a run, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The delivery that holds it.
    pub holder: Uuid,
    /// The process it runs in.
    pub boot: Uuid,
    /// When it ends unless it is renewed.
    pub until: Timestamp,
}

/// What a run over a long range keeps of its children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backfill {
    /// The windows, in order.
    pub windows: Vec<Window>,
    /// How many of them have a child, the last of which may still run.
    pub started: usize,
    /// Children that ended, and how.
    pub ended: BTreeMap<Uuid, RunStatus>,
}

/// A run's document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// Its id, a UUIDv7.
    pub run_id: Uuid,
    /// Whose it is.
    pub org_slug: OrgSlug,
    /// What it executes.
    pub pipeline: PipelineName,
    /// Whose rows it replaces.
    pub source: SourceId,
    /// The days it covers; absent for files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The file it reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Input>,
    /// The billing months it may replace, by first day; empty for whatever the file holds.
    #[serde(default)]
    pub months: Vec<Date>,
    /// Whether it may replace months that hold rows of another input.
    #[serde(default)]
    pub force: bool,
    /// The FOCUS version of its file, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus_version: Option<Version>,
    /// Why it exists.
    pub trigger: Trigger,
    /// Who caused it: `{kind}:{id}`.
    pub requested_by: String,
    /// Where it is.
    pub status: RunStatus,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was first taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How often its lease was taken.
    #[serde(default)]
    pub attempts: u32,
    /// Who executes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// What is kept of handing it to a job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed: Option<Handed>,
    /// When it is to be published, the first time or again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// When somebody asked for its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_requested_at: Option<Timestamp>,
    /// The backfill it is a window of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Uuid>,
    /// The run it is another try of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_of: Option<Uuid>,
    /// Its children, if it is a backfill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backfill: Option<Backfill>,
    /// The day in the organization's timezone on which it counts.
    pub counted_on: Date,
    /// What its steps did so far.
    #[serde(default)]
    pub steps: Vec<StepState>,
    /// What a person should look at.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// What its quality steps checked.
    #[serde(default)]
    pub checks: Vec<CheckResult>,
    /// Why it did not complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// The trace of the request that asked for it, as `traceparent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// Version of its newest row in `org_meta_pipeline_runs`.
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What every run has from the beginning.
pub(super) struct Draft {
    pub(super) run_id: Uuid,
    pub(super) org_slug: OrgSlug,
    pub(super) pipeline: PipelineName,
    pub(super) source: SourceId,
    pub(super) trigger: Trigger,
    pub(super) requested_by: String,
    pub(super) counted_on: Date,
    pub(super) now: Timestamp,
}

impl Run {
    /// How long an ended run's document is kept; its ledger rows stay.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
    /// The value of the filter `parent` of runs that have none.
    pub const NO_PARENT: &str = "-";

    /// A run that nobody has taken yet.
    #[must_use]
    pub(super) fn new(draft: Draft) -> Self {
        let Draft { run_id, org_slug, pipeline, source, trigger, requested_by, counted_on, now } =
            draft;
        Self {
            run_id,
            org_slug,
            pipeline,
            source,
            window: None,
            input: None,
            months: Vec::new(),
            force: false,
            focus_version: None,
            trigger,
            requested_by,
            status: RunStatus::Pending,
            created_at: now,
            started_at: None,
            ended_at: None,
            attempts: 0,
            lease: None,
            handed: None,
            next_at: None,
            cancel_requested_at: None,
            parent: None,
            retry_of: None,
            backfill: None,
            counted_on,
            steps: Vec::new(),
            findings: Vec::new(),
            checks: Vec::new(),
            error: None,
            traceparent: None,
            version: next_version(0, now),
            other: Map::new(),
        }
    }

    /// Where a run's document is.
    #[must_use]
    pub fn key(org: &OrgSlug, run_id: Uuid) -> Key {
        Key::org(Collection::Runs, org, run_id.to_string())
    }

    /// The message that announces it.
    #[must_use]
    pub fn message(&self) -> RunMessage {
        RunMessage {
            run_id: self.run_id,
            org_slug: self.org_slug.clone(),
            pipeline: self.pipeline.as_str().to_owned(),
            window: self.window,
            attempt: self.attempts + 1,
            trace: self.traceparent.as_deref().and_then(Trace::parse),
        }
    }

    /// Rows that became visible by it: the sum over its steps.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.steps.iter().map(|step| step.rows).sum()
    }

    /// Bytes that it read.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.steps.iter().map(|step| step.bytes).sum()
    }

    /// Rows that could not be used.
    #[must_use]
    pub fn rejected_rows(&self) -> u64 {
        self.steps.iter().map(|step| step.rejected_rows).sum()
    }
}

impl Entity for Run {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        let parent = self.parent.map_or_else(|| Self::NO_PARENT.to_owned(), |id| id.to_string());
        BTreeMap::from([
            ("status", self.status.as_str().to_owned()),
            ("pipeline", self.pipeline.as_str().to_owned()),
            ("parent", parent),
        ])
    }

    fn due_at(&self) -> Option<Timestamp> {
        if self.status.is_end() {
            return None;
        }
        let lease = self.lease.as_ref().map(|lease| lease.until);
        [lease, self.next_at].into_iter().flatten().min()
    }

    fn expire_at(&self) -> Option<Timestamp> {
        self.ended_at.map(|end| end + Self::KEPT)
    }
}
