//! The whole of a `main` that does one thing and ends: what a Cloud Run job runs.

use std::{future::Future, process::ExitCode, sync::Arc};

use tokio_util::sync::CancellationToken;

use super::{
    Embedded, Opened, Parts, open,
    run::{begin, ended},
    stop_signal,
};
use crate::state::AppState;

/// Does `work` as the function `name`. Its state's [`crate::state::Shutdown`] says when the process
/// is asked to stop.
#[must_use]
pub fn task<F>(name: &'static str, work: impl FnOnce(AppState) -> F) -> ExitCode
where
    F: Future<Output = anyhow::Result<()>>,
{
    let done = begin(name, async |settings, clock| {
        let stopped = stop_signal()?;
        let Opened { state, meter, .. } =
            open(Arc::new(settings), Parts::real(clock, Embedded::absent()))?;
        let stop = state.stop.0.clone();
        tokio::spawn(async move {
            stopped.await;
            stop.cancel();
        });
        let over = CancellationToken::new();
        let metering = tokio::spawn(meter.run(over.clone()));
        let outcome = work(state).await;
        over.cancel();
        metering.await?;
        outcome
    });
    ended(name, done)
}
