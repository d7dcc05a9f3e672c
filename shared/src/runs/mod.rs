//! Runs: one execution of a pipeline for one organization, from the request to its end.
//!
//! A run is a document. Its lease, progress, cancellation and end are guarded by one version, so
//! whoever loses a race knows. Everything here may be cut off anywhere and done again.

mod progress;
mod run;

pub use self::{
    progress::{Failure, Finding, Severity, StepState, StepStatus},
    run::{Backfill, Input, Lease, Run, RunStatus, Trigger},
};
