//! The sandbox as a server on this machine.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Fault, World, anthropic, openai};

/// A server, until it is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it answers: `http://127.0.0.1:4010`.
    pub url: String,
    /// What it answers from.
    pub world: Arc<World>,
    stop: CancellationToken,
}

/// Serves a world on a free port of this machine.
///
/// # Errors
///
/// Fails where there is none.
pub async fn serve(world: World) -> anyhow::Result<Served> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("the sandbox cannot listen")?;
    let url = format!("http://{}", listener.local_addr()?);
    let (world, stop) = (Arc::new(world), CancellationToken::new());
    let router = Router::new()
        .nest("/openai", openai::router())
        .nest("/anthropic", anthropic::router())
        .layer(middleware::from_fn_with_state(world.clone(), faulty))
        .with_state(world.clone());
    let stopped = stop.clone().cancelled_owned();
    tokio::spawn(async move {
        // Whoever started it has gone, or finds out by asking.
        let _ = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
    });
    Ok(Served { url, world, stop })
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Lets the next fault happen, if there is one.
async fn faulty(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    match world.faults.take() {
        None => next.run(request).await,
        Some(Fault::TooMany(seconds)) => {
            let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Some(Fault::Status(status)) => StatusCode::from_u16(status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
        Some(Fault::Garbage) => "<html>Bad gateway</html>".into_response(),
        Some(Fault::Truncated) => {
            let whole = to_bytes(next.run(request).await.into_body(), usize::MAX).await;
            let whole = whole.unwrap_or_default();
            Body::from(whole.slice(..whole.len() / 2)).into_response()
        }
    }
}
