//! The `costs` service.

use std::process::ExitCode;

fn main() -> ExitCode {
    convergence::service::run("costs", costs::router())
}
