//! The `scheduler` service.

fn main() -> std::process::ExitCode {
    convergence::service::run("scheduler", scheduler::router())
}
