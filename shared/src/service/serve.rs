//! Listening, and stopping without losing what is under way.

use std::{future::Future, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::Router;
use futures::future::try_join_all;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

/// How long requests that are under way may go on once the process is to stop: Cloud Run kills it
/// ten seconds after SIGTERM, and the log has to leave before.
pub const DRAIN: Duration = Duration::from_secs(9);

/// Serves one router on all `listeners` until `stop`, then lets requests under way end for at
/// most [`DRAIN`].
///
/// # Errors
///
/// Fails where a listener breaks.
pub async fn serve(
    listeners: Vec<TcpListener>,
    router: Router,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let servers = listeners.into_iter().map(|listener| {
        let service = router.clone().into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        axum::serve(listener, service).with_graceful_shutdown(stopped).into_future()
    });
    tokio::select! {
        served = try_join_all(servers) => served.map(drop).context("a listener broke"),
        () = overdue(&stop) => {
            tracing::warn!("stopping with requests under way: they took too long");
            Ok(())
        }
    }
}

async fn overdue(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(DRAIN).await;
}

/// Ends when the process is asked to stop: SIGTERM or SIGINT.
///
/// # Errors
///
/// Fails where signals cannot be listened to.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let (mut term, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => tracing::info!("SIGTERM: stopping"),
            _ = interrupt.recv() => tracing::info!("SIGINT: stopping"),
        }
    })
}
