//! What can happen to a call.

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::json;

/// What happens instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The service is not reached; this is answered: the status of the JSON API with its reason, or
    /// what corresponds to it as a status of gRPC.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Google's reason, as in `rateLimitExceeded`.
        reason: &'static str,
    },
    /// The call is carried out, and its answer gets lost: the connection breaks.
    Lost,
}

impl Fault {
    /// Too many requests: 429, or `RESOURCE_EXHAUSTED`.
    pub const THROTTLED: Self = Self::Answer { status: 429, reason: "rateLimitExceeded" };
    /// The service is down: 503, or `UNAVAILABLE`.
    pub const UNAVAILABLE: Self = Self::Answer { status: 503, reason: "backendError" };
    /// Contention: 409, or `ABORTED`.
    pub const ABORTED: Self = Self::Answer { status: 409, reason: "aborted" };
    /// The caller lacks a role: 403, or `PERMISSION_DENIED`.
    pub const DENIED: Self = Self::Answer { status: 403, reason: "accessDenied" };
}

/// A JSON API's error: <https://cloud.google.com/bigquery/docs/error-messages>.
pub(super) fn rest(status: u16, reason: &str) -> Response<Full<Bytes>> {
    let (_, name) = code(status);
    let message = format!("injected: {reason}");
    let body = json!({"error": {
        "code": status,
        "message": message,
        "status": name,
        "errors": [{"domain": "global", "reason": reason, "message": message}],
    }});
    let mut answer = Response::new(Full::from(body.to_string()));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    answer.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    answer
}

/// An error of gRPC: no message, only what otherwise comes after one.
pub(super) fn grpc(status: u16, reason: &str) -> Response<Full<Bytes>> {
    let (code, _) = code(status);
    let mut answer = Response::new(Full::default());
    let headers = [("content-type", "application/grpc"), ("grpc-message", reason)];
    for (name, value) in headers {
        if let Ok(value) = http::HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer.headers_mut().insert("grpc-status", code.into());
    answer
}

/// Statuses of HTTP as those of gRPC: `google/rpc/code.proto`.
fn code(status: u16) -> (u16, &'static str) {
    match status {
        400 => (3, "INVALID_ARGUMENT"),
        401 => (16, "UNAUTHENTICATED"),
        403 => (7, "PERMISSION_DENIED"),
        404 => (5, "NOT_FOUND"),
        409 => (10, "ABORTED"),
        429 => (8, "RESOURCE_EXHAUSTED"),
        500 => (13, "INTERNAL"),
        503 => (14, "UNAVAILABLE"),
        504 => (4, "DEADLINE_EXCEEDED"),
        _ => (2, "UNKNOWN"),
    }
}
