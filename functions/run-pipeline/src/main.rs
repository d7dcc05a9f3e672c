//! The `run-pipeline` service; with `import {org} {run id}`, the job that executes one run.

use std::process::ExitCode;

use convergence::service;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        None => service::run("run-pipeline", run_pipeline::router()),
        Some("import") => {
            let named: Vec<String> = arguments.collect();
            service::task("run-pipeline", |state| run_pipeline::import(state, named))
        }
        Some(other) => {
            eprintln!("run-pipeline: there is no `{other}`; it is `import {{org}} {{run id}}`");
            ExitCode::FAILURE
        }
    }
}
