//! One line of the log per request.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use http::{Method, StatusCode, header::USER_AGENT};

use crate::http::RequestMeta;

/// What the log says of a request, beside its answer. Never a query or a body: they hold data.
pub(super) struct Visit {
    method: Method,
    path: String,
    address: Option<String>,
    agent: Option<String>,
    health: bool,
    started: Instant,
}

impl Visit {
    pub(super) fn of(request: &Request, meta: &RequestMeta) -> Self {
        let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        let path = request.uri().path().to_owned();
        let route = request.extensions().get::<MatchedPath>();
        Self {
            method: request.method().clone(),
            health: route.is_some_and(|route| route.as_str().starts_with("/health")),
            path,
            address: meta.address.clone(),
            agent: agent.map(ToOwned::to_owned),
            started: Instant::now(),
        }
    }

    /// Health checks come all the time, so they are for debugging only.
    pub(super) fn log(&self, status: StatusCode) {
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    http.method = %self.method,
                    http.path = self.path,
                    http.status = status.as_u16(),
                    http.latency_seconds = self.started.elapsed().as_secs_f64(),
                    http.address = self.address,
                    http.agent = self.agent,
                    "{} {} answered {}", self.method, self.path, status.as_u16()
                )
            };
        }
        if self.health { line!(debug) } else { line!(info) }
    }
}
