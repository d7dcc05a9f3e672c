//! From the command line to the exit code.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::Parser as _;
use convergence::{
    clock::SystemClock,
    settings::{Settings, environment},
    telemetry,
};

use crate::{
    args::{Args, Command, Telling, Working},
    commands::{completions, openapi},
    context::Context,
    failure::Result,
    view::{self, Screen},
};

/// Does what was typed.
#[must_use]
pub fn main() -> ExitCode {
    let args = Args::parse();
    let json = args.global.json;
    let done = run(args);
    telemetry::flush();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            view::failure(&failure, json);
            failure.exit_code()
        }
    }
}

fn run(args: Args) -> Result {
    match args.command {
        Command::Telling(telling) => tell(telling, Screen::new(args.global.json)),
        Command::Working(working) => {
            let settings = settings(&working)?;
            telemetry::begin(&settings, Arc::new(SystemClock))?;
            let context = Context::new(args.global, settings);
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .context("cannot start the runtime")?;
            runtime.block_on(work(working, &context))
        }
    }
}

/// As the environment says. What people look at is not mixed with a log that nobody asked for.
fn settings(working: &Working) -> anyhow::Result<Settings> {
    let mut variables = environment();
    if !matches!(working, Working::Serve(_)) {
        variables.entry("LOG_LEVEL".to_owned()).or_insert_with(|| "error".to_owned());
    }
    Ok(Settings::read("convergence", &variables)?)
}

fn tell(telling: Telling, screen: Screen) -> Result {
    match telling {
        Telling::Check(check) => check.run(screen),
        Telling::Openapi => openapi::run(),
        Telling::Completions { shell } => completions::run(shell),
    }
}

async fn work(working: Working, context: &Context) -> Result {
    match working {
        Working::Serve(serve) => serve.run(context).await,
        Working::Demo(demo) => demo.run(context).await,
        Working::Bootstrap(bootstrap) => bootstrap.run(context).await,
        Working::Onboard(onboard) => onboard.run(context).await,
        Working::Ingest(ingest) => ingest.run(context).await,
        Working::Run(run) => run.run(context).await,
        Working::Costs(costs) => costs.run(context).await,
    }
}
