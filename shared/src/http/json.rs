//! JSON in and out, refusing with our error and naming the member that is wrong.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;

use crate::{Error, Result};

/// A JSON body.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        check_type(request.headers())?;
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| unread(&rejection))?;
        read(&body).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Refuses a body that does not say that it is JSON.
pub(super) fn check_type(headers: &HeaderMap) -> Result<()> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json =
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"));
    json.then_some(()).ok_or_else(|| {
        Error::UnsupportedMediaType("send JSON, with `Content-Type: application/json`".to_owned())
    })
}

/// Why a body could not be read to its end.
pub(super) fn unread(rejection: &BytesRejection) -> Error {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::TooLarge(
            "the body is larger than this path takes (1 MiB unless documented)".to_owned(),
        )
    } else {
        Error::Malformed("the body could not be read to its end".to_owned())
    }
}

/// Reads a whole body: 400 where it is no JSON, 422 where a member is not as it should be.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        refusal(error.inner(), &field)
    })?;
    reader.end().map_err(|error| refusal(&error, ""))?;
    Ok(value)
}

fn refusal(error: &serde_json::Error, field: &str) -> Error {
    match error.classify() {
        Category::Data => {
            let message = error.to_string();
            Error::invalid(member(field, &message), plain(&message))
        }
        _ => Error::Malformed(format!("the body is not JSON: {error}")),
    }
}

/// The path of a member, which for an absent or repeated one ends in the message.
fn member(parent: &str, message: &str) -> String {
    let parent = parent.trim_matches('.');
    let kinds = ["missing field `", "duplicate field `"];
    let rest = kinds.iter().find_map(|kind| message.strip_prefix(kind));
    match rest.and_then(|rest| rest.split('`').next()) {
        Some(name) if parent.is_empty() => name.to_owned(),
        Some(name) => format!("{parent}.{name}"),
        None => parent.to_owned(),
    }
}

/// Without the position, which says little once the member is named.
fn plain(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}
