//! What is known of a request beside its content.

use axum::extract::FromRequestParts;
use http::request::Parts;
use uuid::Uuid;

use super::trace::Trace;
use crate::{Error, Result};

/// Which request this is, and from where: for audit entries and logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestMeta {
    /// `X-Request-Id` of the answer.
    pub request_id: Uuid,
    /// The caller's address, as far as it is known.
    pub address: Option<String>,
    /// The trace that the request is part of.
    pub trace: Option<Trace>,
}

impl<S: Send + Sync> FromRequestParts<S> for RequestMeta {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let meta = parts.extensions.get::<Self>().cloned();
        meta.ok_or_else(|| anyhow::anyhow!("the router was built without `service::app`").into())
    }
}
