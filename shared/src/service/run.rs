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
    ended(name, begin(name, async |settings, clock| until_stopped(settings, router, clock).await))
}

/// Reads the settings of the function `name`, begins to log and does `work`.
pub(super) fn begin(
    name: &'static str,
    work: impl AsyncFnOnce(Settings, Arc<dyn Clock>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let settings = Settings::from_environment(name)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    telemetry::begin(&settings, clock.clone())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(work(settings, clock))
}

/// The status with which a process ends.
pub(super) fn ended(name: &'static str, outcome: anyhow::Result<()>) -> ExitCode {
    if let Err(error) = &outcome {
        // The log may not have begun, so this goes where it can be seen in any case.
        eprintln!("{name}: {error:#}");
    }
    telemetry::flush();
    outcome.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
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
