//! The whole of a function's `main`.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use super::{Embedded, Opened, Parts, app, open, serve, stop_signal};
use crate::{
    clock::{Clock, SystemClock},
    settings::Settings,
    state::AppState,
    telemetry,
};

/// Serves `router` as the function `name` until the process is asked to stop.
#[must_use]
pub fn run(name: &'static str, router: OpenApiRouter<AppState>) -> ExitCode {
    let outcome = start(name, router);
    if let Err(error) = &outcome {
        // The log may not have begun, so this goes where it can be seen in any case.
        eprintln!("{name}: {error:#}");
    }
    telemetry::flush();
    outcome.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn start(name: &'static str, router: OpenApiRouter<AppState>) -> anyhow::Result<()> {
    let settings = Settings::from_environment(name)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    telemetry::begin(&settings, clock.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(until_stopped(settings, router, clock))
}

async fn until_stopped(
    settings: Settings,
    router: OpenApiRouter<AppState>,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<()> {
    let stopped = stop_signal()?;
    let at = (settings.server.host, settings.server.port);
    // A function alone has nobody to deliver its embedded queue: publishing says so.
    let Opened { state, meter, .. } =
        open(Arc::new(settings), Parts::real(clock, Embedded::absent()))?;
    let stop = state.stop.0.clone();
    let listener = TcpListener::bind(at).await.context("cannot listen")?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    tokio::spawn({
        let stop = stop.clone();
        async move {
            stopped.await;
            stop.cancel();
        }
    });
    // It outlives the requests, whose queries it counts.
    let drained = CancellationToken::new();
    let metering = tokio::spawn(meter.run(drained.clone()));
    let served = serve(vec![listener], app(router, state), stop).await;
    drained.cancel();
    metering.await?;
    served
}
