//! The one error type of handlers, and the JSON it becomes.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::Json;

/// A [`std::result::Result`] whose error defaults to [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong while serving a request.
///
/// A variant exists only where the caller can act on the difference. All other failures are
/// [`Error::Internal`]: their cause goes to the log, under the `error_id` that the caller sees.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// 401: no credentials, or credentials that do not check out.
    #[error("{0}")]
    Unauthenticated(String),
    /// 403: a known caller without the role, scope or status that this needs.
    #[error("{0}")]
    Forbidden(String),
    /// 404: it does not exist, or the caller may not know that it does.
    #[error("{0}")]
    NotFound(String),
    /// 405: the path exists, the method does not.
    #[error("this path does not answer that method")]
    MethodNotAllowed,
    /// 409: it exists already, changed meanwhile, or is being done by somebody else.
    #[error("{0}")]
    Conflict(String),
    /// 413: the body is larger than this route takes.
    #[error("{0}")]
    TooLarge(String),
    /// 415: the body is not of the type that this route takes.
    #[error("{0}")]
    UnsupportedMediaType(String),
    /// 422: well-formed, but it breaks rules; all of them are in the details.
    #[error("{message}")]
    Invalid {
        /// One sentence over all.
        message: String,
        /// One entry per mistake.
        details: Vec<Detail>,
    },
    /// 429: over a rate or a quota.
    #[error("{message}")]
    TooMany {
        /// Which limit, and what to do.
        message: String,
        /// When to come back.
        retry_after: Duration,
    },
    /// 503: a backend is down; the same request may succeed later.
    #[error("{message}")]
    Unavailable {
        /// What is down, for the caller.
        message: String,
        /// Why, for the log.
        #[source]
        cause: anyhow::Error,
    },
    /// 504: the route took longer than it may.
    #[error("this took longer than it may; ask for less, or try again later")]
    Timeout,
    /// 500: a bug, or a failure that nobody outside can act on.
    #[error("something went wrong on our side; please tell us the error_id")]
    Internal(#[from] anyhow::Error),
}

/// One mistake in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Detail {
    /// Where, as in `limits.daily`; empty for the whole.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// The body of every refusal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// Stable name of the kind of error.
    pub error: &'static str,
    /// One sentence that says what to do.
    pub message: String,
    /// Under which the cause stands in the log.
    pub error_id: Uuid,
    /// One entry per mistake, for 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

impl Error {
    /// 422 with one mistake.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        let detail = Detail { field: field.into(), message: message.into() };
        Self::Invalid { message: detail.message.clone(), details: vec![detail] }
    }

    /// 422 with every mistake, when there is one.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] unless `details` is empty.
    pub fn check(details: Vec<Detail>) -> Result<()> {
        if details.is_empty() { Ok(()) } else { Err(Self::all(details)) }
    }

    /// 422 with these mistakes.
    #[must_use]
    pub fn all(details: Vec<Detail>) -> Self {
        let message = match details.as_slice() {
            [one] => one.message.clone(),
            more => format!("{} fields are invalid, see details", more.len()),
        };
        Self::Invalid { message, details }
    }

    /// The stable name of this kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Unauthenticated(_) => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Conflict(_) => "conflict",
            Self::TooLarge(_) => "too_large",
            Self::UnsupportedMediaType(_) => "unsupported_media_type",
            Self::Invalid { .. } => "invalid",
            Self::TooMany { .. } => "too_many_requests",
            Self::Unavailable { .. } => "unavailable",
            Self::Timeout => "timeout",
            Self::Internal(_) => "internal",
        }
    }

    /// The HTTP status of this error.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooMany { retry_after, .. } => Some(*retry_after),
            Self::Unavailable { .. } => Some(Duration::from_secs(5)),
            _ => None,
        }
    }

    /// Writes the failure to the log, once, under `error_id`, with its whole chain of causes.
    fn log(&self, error_id: Uuid) {
        let (error, status) = (self.code(), self.status().as_u16());
        match self {
            Self::Unavailable { cause, .. } | Self::Internal(cause) => {
                tracing::error!(%error_id, error, status, cause = format!("{cause:#}"), "request failed");
            }
            Self::Timeout => tracing::error!(%error_id, error, status, "request timed out"),
            refusal => {
                tracing::info!(%error_id, error, status, cause = %refusal, "request refused");
            }
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        #[expect(
            clippy::disallowed_methods,
            reason = "an error is made where nothing can be handed in"
        )]
        let error_id = Uuid::now_v7();
        self.log(error_id);
        let (status, error, message) = (self.status(), self.code(), self.to_string());
        let retry_after = self.retry_after();
        let details = if let Self::Invalid { details, .. } = self { details } else { Vec::new() };
        let body = ErrorBody { error, message, error_id, details };
        let mut response = (status, Json(body)).into_response();
        if let Some(after) = retry_after {
            let seconds = HeaderValue::from(after.as_secs().max(1));
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}
