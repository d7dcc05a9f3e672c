//! Whether a request comes from the command on the same machine: it knows which start of the
//! server this is, from a file that only its user can read.

use axum::extract::{FromRef, FromRequestParts};
use convergence::{Error, state::BootId};
use http::request::Parts;

/// The header that proves it.
const HEADER: &str = "x-ca-boot-id";

/// Whether a request proved to come from the command on the same machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SameMachine(pub(crate) bool);

impl<S> FromRequestParts<S> for SameMachine
where
    S: Send + Sync,
    BootId: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let boot = BootId::from_ref(state).0.to_string();
        let given = parts.headers.get(HEADER).and_then(|value| value.to_str().ok());
        Ok(Self(given == Some(boot.as_str())))
    }
}
