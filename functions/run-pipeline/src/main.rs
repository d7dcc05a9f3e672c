//! The `run-pipeline` service.

fn main() -> std::process::ExitCode {
    convergence::service::run("run-pipeline", run_pipeline::router())
}
