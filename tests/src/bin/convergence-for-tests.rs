//! The `convergence` command, as a program that cargo builds before these tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    local::main()
}
