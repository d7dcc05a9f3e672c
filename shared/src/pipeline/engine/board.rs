//! What the steps of a run did so far, as all who look at it see it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::{
    entities::next_version,
    pipeline::Plan,
    runs::{CheckResult, Failure, Finding, Run, StepState, StepStatus},
};

/// Counts what passes a step by, from any thread.
#[derive(Debug, Default)]
pub struct Meter {
    rows: AtomicU64,
    bytes: AtomicU64,
}

impl Meter {
    /// Adds rows.
    pub fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
    }

    /// Says how many bytes were read so far.
    pub fn set_bytes(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    fn restart(&self) {
        self.rows.store(0, Ordering::Relaxed);
        self.bytes.store(0, Ordering::Relaxed);
    }
}

/// The steps of a run and what they found. One task writes it down; see [`crate::runs`].
#[derive(Debug)]
pub struct Board {
    content: Mutex<Content>,
    meters: Vec<Arc<Meter>>,
    changed: Notify,
}

/// What a board says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// The steps, in the plan's order.
    pub steps: Vec<StepState>,
    /// What they found.
    pub findings: Vec<Finding>,
    /// What they checked.
    pub checks: Vec<CheckResult>,
    /// The hash of the run's input, once it is known.
    pub input_sha256: Option<String>,
}

impl Board {
    /// Of a run that begins, or goes on after an attempt before: what was done stays done.
    #[must_use]
    pub fn resume(plan: &Plan, run: &Run) -> Self {
        let steps: Vec<_> =
            plan.steps.iter().map(|step| resumed(run, &step.id, step.processor.name())).collect();
        let done = |id: &str| {
            steps.iter().any(|step| step.step_id == id && step.status == StepStatus::Completed)
        };
        let content = Content {
            findings: run.findings.iter().filter(|it| done(&it.step_id)).cloned().collect(),
            checks: run.checks.iter().filter(|it| done(&it.step_id)).cloned().collect(),
            input_sha256: None,
            steps: steps.clone(),
        };
        let meters = steps.iter().map(|_| Arc::default()).collect();
        Self { meters, content: Mutex::new(content), changed: Notify::new() }
    }

    /// What counts for a step.
    #[must_use]
    pub fn meter(&self, at: usize) -> Arc<Meter> {
        Arc::clone(&self.meters[at])
    }

    /// Where a step is.
    #[must_use]
    pub fn status(&self, at: usize) -> StepStatus {
        self.with(|content| content.steps[at].status)
    }

    /// What a step did so far.
    #[must_use]
    pub fn step(&self, at: usize) -> StepState {
        self.with(|content| content.steps[at].clone())
    }

    /// Everything, with the newest counts of the steps that are at work.
    #[must_use]
    pub fn content(&self) -> Content {
        let mut content = self.with(|content| content.clone());
        for (step, meter) in content.steps.iter_mut().zip(&self.meters) {
            if step.status == StepStatus::Running {
                step.rows = meter.rows.load(Ordering::Relaxed);
                step.bytes = meter.bytes.load(Ordering::Relaxed);
            }
        }
        content
    }

    /// A step begins, or begins again.
    pub fn begin(&self, at: usize, now: Timestamp) {
        self.meters[at].restart();
        self.change(|content| {
            let step = &mut content.steps[at];
            step.status = StepStatus::Running;
            step.attempts += 1;
            step.started_at.get_or_insert(now);
            step.version = next_version(step.version, now);
            let id = step.step_id.clone();
            content.findings.retain(|finding| finding.step_id != id);
            content.checks.retain(|check| check.step_id != id);
        });
    }

    /// A step ended.
    pub fn end(&self, at: usize, status: StepStatus, error: Option<Failure>, now: Timestamp) {
        let bytes = self.meters[at].bytes.load(Ordering::Relaxed);
        self.change(|content| {
            let step = &mut content.steps[at];
            (step.status, step.error, step.ended_at) = (status, error, Some(now));
            step.bytes = bytes;
            step.version = next_version(step.version, now);
        });
    }

    /// Writes down what a step did, before it ends.
    pub fn record(&self, at: usize, change: impl FnOnce(&mut StepState)) {
        let (rows, bytes) = (&self.meters[at].rows, &self.meters[at].bytes);
        self.change(|content| {
            let step = &mut content.steps[at];
            step.rows = rows.load(Ordering::Relaxed);
            step.bytes = bytes.load(Ordering::Relaxed);
            change(step);
        });
    }

    /// A step found something.
    pub fn find(&self, finding: Finding) {
        self.change(|content| content.findings.push(finding));
    }

    /// A step checked something.
    pub fn checked(&self, check: CheckResult) {
        self.change(|content| content.checks.push(check));
    }

    /// The hash of the input is known.
    pub fn input_is(&self, sha256: &str) {
        self.change(|content| content.input_sha256 = Some(sha256.to_owned()));
    }

    /// Waits until something changes.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    fn change(&self, change: impl FnOnce(&mut Content)) {
        self.with(change);
        self.changed.notify_one();
    }

    fn with<T>(&self, see: impl FnOnce(&mut Content) -> T) -> T {
        see(&mut self.content.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an attempt before left of a step: all of it if it was done, else its count of tries.
fn resumed(run: &Run, id: &str, processor: &str) -> StepState {
    let mut fresh = StepState::new(id, processor);
    let Some(before) = run.steps.iter().find(|state| state.step_id == id) else { return fresh };
    if matches!(before.status, StepStatus::Completed | StepStatus::Skipped) {
        return before.clone();
    }
    (fresh.attempts, fresh.version) = (before.attempts, before.version);
    fresh
}
