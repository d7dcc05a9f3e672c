//! Answers that are JSON already.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};

/// JSON as the costs service keeps it.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) Bytes);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], self.0).into_response()
    }
}
