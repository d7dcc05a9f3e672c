//! What becomes of a message whose job did not finish.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::Error;

/// Why a job did not finish, and so what becomes of its message.
#[derive(Debug)]
pub enum JobError {
    /// The cause may pass and we could not even write that down: delivered again.
    Retry(anyhow::Error),
    /// It can never succeed: acknowledged, and left to the log.
    Fail(anyhow::Error),
}

impl IntoResponse for JobError {
    fn into_response(self) -> Response {
        match self {
            Self::Retry(cause) => {
                let message = "not done, please deliver again".to_owned();
                Error::Unavailable { message, cause }.into_response()
            }
            Self::Fail(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "message can never be done, dropped");
                StatusCode::NO_CONTENT.into_response()
            }
        }
    }
}
