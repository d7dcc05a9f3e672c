//! What a step knows while it works.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{Board, Cut, Engine, LocalInput, Meter, StepError};
use crate::{
    focus::Version,
    org::OrgSlug,
    pipeline::{Plan, plan::Step},
    queue::Window,
    runs::{Budget, CheckResult, Finding, Run, Severity},
    warehouse::{Dataset, Labels, ScopePart, SourceId},
};

/// What all steps of a run share.
#[derive(Debug)]
pub struct Job<'a> {
    /// What is executed.
    pub plan: &'a Plan,
    /// The run.
    pub run_id: Uuid,
    /// Whose it is.
    pub org: OrgSlug,
    /// Whose rows it replaces.
    pub source: SourceId,
    /// The days it covers.
    pub window: Option<Window>,
    /// The file it reads.
    pub input: Option<LocalInput>,
    /// The billing months it may replace.
    pub months: Vec<Date>,
    /// Whether it may replace months of another input.
    pub force: bool,
    /// The FOCUS version of the file, where that was said.
    pub focus_version: Option<Version>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Which attempt of the run this is, from 1.
    pub attempt: u32,
    /// What its steps did.
    pub board: Arc<Board>,
    /// How long work on it may take here.
    pub budget: Budget,
    /// Tells it to stop.
    pub cut: Cut,
}

impl<'a> Job<'a> {
    /// Of a run, with its file where this machine can read it.
    #[must_use]
    pub fn new(
        plan: &'a Plan,
        run: &Run,
        input: Option<LocalInput>,
        (budget, cut): (Budget, Cut),
    ) -> Self {
        Self {
            plan,
            run_id: run.run_id,
            org: run.org_slug.clone(),
            source: run.source.clone(),
            window: run.window,
            input,
            months: run.months.clone(),
            force: run.force,
            focus_version: run.focus_version,
            created_at: run.created_at,
            attempt: run.attempts,
            board: Arc::new(Board::resume(plan, run)),
            budget,
            cut,
        }
    }

    /// The organization's dataset.
    #[must_use]
    pub fn dataset(&self) -> Dataset {
        Dataset::Org(self.org.clone())
    }
}

/// What one step knows while it works.
#[derive(Debug)]
pub struct StepContext<'a> {
    /// What it works with.
    pub engine: &'a Engine,
    /// What it shares with the run's other steps.
    pub job: &'a Job<'a>,
    /// Which step of the plan it is.
    pub at: usize,
}

impl StepContext<'_> {
    /// The step.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.job.plan.steps[self.at]
    }

    /// On whose account its queries are.
    #[must_use]
    pub fn labels(&self) -> Labels {
        let Job { plan, run_id, .. } = self.job;
        let pipeline = Some(plan.name.as_str().to_owned());
        Labels { pipeline, run: Some(*run_id), step: Some(self.tried()) }
    }

    /// Which try of the step this is: its id, the attempt of the run, the try within it.
    pub(super) fn tried(&self) -> String {
        let tries = self.job.board.step(self.at).attempts;
        format!("{}-{}-{tries}", self.step().id, self.job.attempt)
    }

    /// What counts for it.
    #[must_use]
    pub fn meter(&self) -> Arc<Meter> {
        self.job.board.meter(self.at)
    }

    /// The run's file.
    ///
    /// # Errors
    ///
    /// Fails where the run has none, which checks before it should have seen.
    pub fn input(&self) -> Result<&LocalInput, StepError> {
        let missing = || StepError::failed("input_missing", "this pipeline needs an `input`");
        self.job.input.as_ref().ok_or_else(missing)
    }

    /// What the steps before it touched; where none says, the run's window.
    #[must_use]
    pub fn touched_before(&self) -> Vec<ScopePart> {
        let mut parts: Vec<ScopePart> = Vec::new();
        for need in &self.step().needs {
            for part in self.job.board.step(*need).touched {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        if let (true, Some(window)) = (parts.is_empty(), self.job.window) {
            let end = window.end.tomorrow().unwrap_or(window.end);
            parts.push(ScopePart { month: None, days: Some(window.start..end) });
        }
        parts
    }

    /// A rule was checked; a broken one is a finding.
    pub fn checked(&self, mut check: CheckResult) {
        if !check.passed {
            let code = format!("quality_{}", check.rule);
            self.find(Severity::Warning, &code, check.failed_rows, &check.message);
        }
        check.step_id.clone_from(&self.step().id);
        self.job.board.checked(check);
    }

    /// Something that a person should know.
    pub fn find(&self, severity: Severity, code: &str, count: u64, message: impl Into<String>) {
        self.job.board.find(Finding {
            code: code.to_owned(),
            severity,
            message: message.into(),
            count,
            step_id: self.step().id.clone(),
        });
    }
}
