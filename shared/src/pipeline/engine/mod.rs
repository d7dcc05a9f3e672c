//! The engine: executes a plan's steps, as many at once as their needs allow.

pub mod answer;
mod board;
mod bridge;
mod context;
mod credential;
mod cut;
mod dated;
mod error;
mod fetch;
mod input;
mod load;
mod local_input;
mod query;
mod range;
mod read;
mod rejected;
mod step;
mod tables;
mod watched;
mod write;

use std::{fmt, sync::Arc};

use futures::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};

pub use self::{
    board::{Board, Content, Meter},
    bridge::Pages,
    context::{Job, StepContext},
    cut::{Cut, Reason},
    dated::{Dated, Days},
    error::StepError,
    load::Replaces,
    local_input::LocalInput,
    query::{PARAMETERS, WITHIN},
    range::Range,
    read::FileReader,
    rejected::{KEPT as REJECTED_KEPT, TABLE as REJECTED, ingestion_date},
    tables::Sure,
    watched::{Touched, WasCut, Watched},
    write::Replacing,
};
use super::plan::Tables;
use crate::{
    clock::Clock,
    connections::Connections,
    fences::Fences,
    files::Files,
    focus::Model,
    ids::Ids,
    runs::{Failure, StepStatus},
    warehouse::Warehouse,
};

/// What executes plans.
#[derive(Clone)]
pub struct Engine {
    /// Where rows go.
    pub warehouse: Arc<dyn Warehouse>,
    /// Keep old attempts from overwriting newer ones.
    pub fences: Fences,
    /// Where files are.
    pub files: Arc<dyn Files>,
    /// The tables of organizations.
    pub tables: Tables,
    /// Those of them that were made sure of.
    pub sure: Arc<Sure>,
    /// What providers are asked with, and where their credentials are.
    pub connections: Connections,
    /// FOCUS, as files are read and checked by it.
    pub model: Arc<Model>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("warehouse", &self.warehouse).finish_non_exhaustive()
    }
}

/// How the execution of a plan ended.
#[derive(Debug)]
pub enum Ended {
    /// Every step was done, or had nothing to do.
    Completed,
    /// A step failed.
    Failed(Failure),
    /// A step, or all of them together, took longer than they may.
    TimedOut(Failure),
    /// A step could not be done now; later it may.
    Again(Failure),
    /// The time to begin steps is over, and some are left: another delivery goes on with them.
    Later,
    /// It was cut.
    Cut(Reason),
}

impl Ended {
    /// Of a run whose file could not be found or read.
    #[must_use]
    pub fn before_any_step(error: &StepError) -> Self {
        match error {
            StepError::MayPass(_) => Self::Again(step::failure(error)),
            _ => Self::Failed(step::failure(error)),
        }
    }
}

impl Engine {
    /// Executes what is left of a plan. Steps that others need come first; a failed step lets
    /// those that are at work end, and begins no other.
    pub async fn execute(&self, job: &Job<'_>) -> Ended {
        let mut working = FuturesUnordered::new();
        let mut stopped: Option<(usize, StepError)> = None;
        loop {
            if stopped.is_none() && job.cut.reason().is_none() && !job.cut.is_closing() {
                for at in ready(job) {
                    job.board.begin(at, self.clock.now());
                    working.push(async move { (at, step::run(self, job, at).await) }.boxed());
                }
            }
            match working.next().await {
                None => break,
                Some((_, Ok(()))) => {}
                Some((at, Err(error))) => drop(stopped.get_or_insert((at, error))),
            }
        }
        drop(working);
        self.ended(job, stopped)
    }

    fn ended(&self, job: &Job<'_>, stopped: Option<(usize, StepError)>) -> Ended {
        if let Some(reason) = job.cut.reason() {
            return match reason {
                Reason::Deadline => Ended::TimedOut(Failure::new(
                    "deadline",
                    "the run took longer than it may; run it for fewer days or a smaller file",
                )),
                other => Ended::Cut(other),
            };
        }
        let Some((at, error)) = stopped else {
            return if ready(job).is_empty() { Ended::Completed } else { Ended::Later };
        };
        let failure = job.board.step(at).error.unwrap_or_else(|| step::failure(&error));
        self.skip_the_rest(job);
        match error {
            StepError::MayPass(_) => Ended::Again(failure),
            StepError::TimedOut => Ended::TimedOut(failure),
            _ => Ended::Failed(failure),
        }
    }

    fn skip_the_rest(&self, job: &Job<'_>) {
        for at in 0..job.plan.steps.len() {
            if job.board.status(at) == StepStatus::Pending {
                job.board.end(at, StepStatus::Skipped, None, self.clock.now());
            }
        }
    }
}

/// The steps whose needs are met and that have not begun. What needs a skipped step is skipped.
fn ready(job: &Job<'_>) -> Vec<usize> {
    let mut ready = Vec::new();
    for (at, step) in job.plan.steps.iter().enumerate() {
        if job.board.status(at) != StepStatus::Pending {
            continue;
        }
        let needs: Vec<_> = step.needs.iter().map(|need| job.board.status(*need)).collect();
        if needs.iter().all(|status| *status == StepStatus::Completed) {
            ready.push(at);
        } else if needs.contains(&StepStatus::Skipped) {
            job.board.end(at, StepStatus::Skipped, None, job.created_at);
        }
    }
    ready
}
