//! One step: its tries, each within its time.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt as _;

use super::{Engine, Job, StepContext, StepError};
use crate::runs::{Failure, StepStatus};

/// Runs a step until it is done, gives up, or is cut, and writes its end on the board.
pub(super) async fn run(engine: &Engine, job: &Job<'_>, at: usize) -> Result<(), StepError> {
    let context = StepContext { engine, job, at };
    let retry = context.step().retry;
    let mut wait = retry.wait;
    for attempt in 1.. {
        let error = match try_once(&context).await {
            Ok(status) => {
                job.board.end(at, status, None, engine.clock.now());
                return Ok(());
            }
            Err(error) => error,
        };
        let again = matches!(error, StepError::MayPass(_)) && attempt < retry.attempts;
        if !again {
            return Err(give_up(&context, error));
        }
        tracing::warn!(step = context.step().id, run = %job.run_id, attempt, "step will be tried again");
        tokio::select! {
            () = tokio::time::sleep(jittered(engine, wait)) => {}
            () = job.cut.asked() => return Err(give_up(&context, StepError::Cut)),
        }
        wait *= 2;
        job.board.begin(at, engine.clock.now());
    }
    Ok(())
}

/// One try, within the step's time, and stopped when the run is cut. A panic is an error of ours.
async fn try_once(context: &StepContext<'_>) -> Result<StepStatus, StepError> {
    let step = context.step();
    let within = context.job.budget.step(step.timeout);
    let work = AssertUnwindSafe(step.processor.run(context)).catch_unwind();
    tokio::select! {
        done = tokio::time::timeout(within, work) => match done {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StepError::Internal(anyhow::anyhow!("the step panicked"))),
            Err(_) => Err(StepError::TimedOut),
        },
        () = context.job.cut.asked() => Err(StepError::Cut),
    }
}

fn give_up(context: &StepContext<'_>, error: StepError) -> StepError {
    let (job, step) = (context.job, context.step());
    if let StepError::Internal(cause) | StepError::MayPass(cause) = &error {
        let cause = format!("{cause:#}");
        tracing::error!(step = step.id, run = %job.run_id, org = %job.org, cause, "step failed");
    }
    let status = match &error {
        StepError::TimedOut => StepStatus::TimedOut,
        StepError::Cut => StepStatus::Cancelled,
        _ => StepStatus::Failed,
    };
    let now = context.engine.clock.now();
    job.board.end(context.at, status, Some(failure(&error)), now);
    error
}

/// What a person may read of an error.
pub(super) fn failure(error: &StepError) -> Failure {
    match error {
        StepError::Failed(failure) => failure.clone(),
        StepError::MayPass(cause) => {
            Failure::new("unavailable", format!("something we need did not answer: {cause}"))
        }
        StepError::Internal(_) => {
            Failure::new("internal", "something went wrong on our side; please tell us the run id")
        }
        StepError::TimedOut => Failure::new("timeout", "the step took longer than it may"),
        StepError::Cut => Failure::new("cut", "the step was stopped"),
    }
}

/// Between half and all of `wait`, so that those who failed together do not come back together.
fn jittered(engine: &Engine, wait: Duration) -> Duration {
    let mut random = [0; 1];
    engine.ids.fill(&mut random);
    wait / 2 + wait.mul_f64(0.5 * f64::from(random[0]) / 255.0)
}
