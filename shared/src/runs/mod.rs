//! Runs: one execution of a pipeline for one organization, from the request to its end.
//!
//! A run is a document. Its lease, progress, cancellation and end are guarded by one version, so
//! whoever loses a race knows. Everything here may be cut off anywhere and done again.

mod again;
mod backfill;
mod budget;
mod cancel;
mod end;
mod execute;
mod history;
mod imports;
mod input;
mod keep;
mod lease;
mod list;
mod past;
mod progress;
mod rejected;
mod release;
mod request;
mod rows;
mod run;
mod service;
pub mod slots;
mod submit;
mod sweep;
mod uploads;
mod windows;

pub use self::{
    again::again,
    backfill::child_id,
    budget::Budget,
    end::End,
    execute::ATTEMPTS,
    history::{PAST_CHECKS, PAST_STEPS, past_run_prql, past_runs_prql},
    imports::{Handed, ImportJob, Imports},
    input::Upload,
    lease::{Boot, HELD},
    list::RunsFilter,
    progress::{CheckResult, Failure, Finding, Severity, StepState, StepStatus},
    rejected::{REJECTED_ROWS, RejectedRow},
    request::{Asked, RunRequest, check},
    run::{Backfill, Input, Lease, Run, RunStatus, Trigger},
    service::Runs,
    submit::Submission,
    sweep::Swept,
    windows::split,
};
