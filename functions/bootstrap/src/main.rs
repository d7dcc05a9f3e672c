//! The `bootstrap` service.

use std::process::ExitCode;

fn main() -> ExitCode {
    convergence::service::run("bootstrap", bootstrap::router())
}
