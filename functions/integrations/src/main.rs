//! The `integrations` service.

use std::process::ExitCode;

fn main() -> ExitCode {
    convergence::service::run("integrations", integrations::router())
}
