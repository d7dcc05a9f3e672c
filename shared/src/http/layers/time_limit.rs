//! How long a route may take: one limit for all, and others where a route says so.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures::pin_mut;
use tokio::time::{Instant, timeout_at};
use tower::{Layer, Service};

use crate::Error;

/// The limit of a request that is under way, in milliseconds from its start.
#[derive(Clone)]
struct Limit(Arc<AtomicU64>);

/// A layer for routes that may take longer, or only shorter, than all others: uploads, pushes.
/// It limits the time until the answer begins; a streamed answer may go on.
#[derive(Debug, Clone, Copy)]
pub struct TimeLimit(pub Duration);

/// A route with a limit of its own.
#[derive(Debug, Clone)]
pub struct Limited<S> {
    route: S,
    limit: TimeLimit,
}

impl<S> Layer<S> for TimeLimit {
    type Service = Limited<S>;

    fn layer(&self, route: S) -> Limited<S> {
        Limited { route, limit: *self }
    }
}

impl<S: Service<Request>> Service<Request> for Limited<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.route.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> S::Future {
        if let Some(Limit(limit)) = request.extensions().get() {
            limit.store(millis(self.limit.0), Ordering::Relaxed);
        }
        self.route.call(request)
    }
}

/// Answers 504 in our shape where a route takes longer than it may.
pub(crate) async fn limit_time(
    State(default): State<Duration>,
    mut request: Request,
    next: Next,
) -> Response {
    let limit = Limit(Arc::new(AtomicU64::new(millis(default))));
    request.extensions_mut().insert(limit.clone());
    let started = Instant::now();
    let end = || started + Duration::from_millis(limit.0.load(Ordering::Relaxed));
    let response = next.run(request);
    pin_mut!(response);
    // The first poll reaches the route, which may set another limit.
    if let Poll::Ready(response) = futures::poll!(&mut response) {
        return response;
    }
    while Instant::now() < end() {
        if let Ok(response) = timeout_at(end(), &mut response).await {
            return response;
        }
    }
    Error::Timeout.into_response()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
