//! What a run tells while it goes on, and of how it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::warehouse::ScopePart;

/// Where a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StepStatus {
    /// Waits for others.
    Pending,
    /// At work.
    Running,
    /// Done.
    Completed,
    /// Gave up.
    Failed,
    /// Stopped because somebody asked for it.
    Cancelled,
    /// Took longer than it may.
    TimedOut,
    /// Not done: what it would have written is superseded, or what it needs was not done.
    Skipped,
}

impl StepStatus {
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
            Self::Skipped => "SKIPPED",
        }
    }
}

/// What a step did so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepState {
    /// Its id in the pipeline.
    pub step_id: String,
    /// Which processor it names.
    pub processor: String,
    /// Where it is.
    pub status: StepStatus,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// Rows that it read, then: rows that it made visible.
    #[serde(default)]
    pub rows: u64,
    /// Rows that gave way.
    #[serde(default)]
    pub replaced_rows: u64,
    /// Bytes that it read.
    #[serde(default)]
    pub bytes: u64,
    /// Rows that could not be used.
    #[serde(default)]
    pub rejected_rows: u64,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Months and days that it replaced; later steps go on from them.
    #[serde(default)]
    pub touched: Vec<ScopePart>,
    /// Why it did not complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
    /// Version of its newest row in `org_meta_step_logs`.
    #[serde(default)]
    pub version: i64,
}

impl StepState {
    /// Of a step that has not begun.
    #[must_use]
    pub fn new(step_id: &str, processor: &str) -> Self {
        Self {
            step_id: step_id.to_owned(),
            processor: processor.to_owned(),
            status: StepStatus::Pending,
            attempts: 0,
            rows: 0,
            replaced_rows: 0,
            bytes: 0,
            rejected_rows: 0,
            started_at: None,
            ended_at: None,
            touched: Vec::new(),
            error: None,
            version: 0,
        }
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Was read in the only way it can be; nothing to do.
    Notice,
    /// Somebody should look at it.
    Warning,
}

/// Something about the data that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Stable name of its kind.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// How many rows it is about.
    pub count: u64,
    /// The step that found it.
    pub step_id: String,
}

/// Why a step or a run did not complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failure {
    /// Stable name of its kind.
    pub code: String,
    /// One sentence that says what to do.
    pub message: String,
}

impl Failure {
    /// Of a kind, with a sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

/// One rule, checked on what a run wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckResult {
    /// The rule's name.
    pub rule: String,
    /// The column or table it is about; empty for the rows as such.
    pub about: String,
    /// Whether it is kept.
    pub passed: bool,
    /// How many rows break it.
    pub failed_rows: u64,
    /// How it is broken; empty where it is kept.
    pub message: String,
    /// The step that checked it.
    pub step_id: String,
}

impl CheckResult {
    /// Of a rule that `failed_rows` rows break, as `message` says.
    #[must_use]
    pub fn new(rule: &str, about: &str, failed_rows: u64, message: String) -> Self {
        let passed = failed_rows == 0;
        Self {
            rule: rule.to_owned(),
            about: about.to_owned(),
            passed,
            failed_rows,
            message: if passed { String::new() } else { message },
            step_id: String::new(),
        }
    }
}
