//! The `onboard` service.

use std::process::ExitCode;

fn main() -> ExitCode {
    convergence::service::run("onboard", onboard::router())
}
