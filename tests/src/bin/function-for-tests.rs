//! A function alone, as a program that cargo builds before these tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    convergence::service::run("integrations", integrations::router())
}
