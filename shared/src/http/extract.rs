//! Extractors whose refusals are [`enum@Error`], so that every error has the same body.

#![expect(clippy::disallowed_types, reason = "these are the wrappers")]

use axum::extract::{
    FromRequestParts,
    rejection::{PathRejection, QueryRejection},
};

use crate::Error;

/// [`axum::extract::Query`], refusing with our error.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Error))]
pub struct Query<T>(pub T);

/// [`axum::extract::Path`], refusing with our error.
#[derive(Debug, Clone, Copy, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Error))]
pub struct Path<T>(pub T);

impl From<QueryRejection> for Error {
    fn from(rejection: QueryRejection) -> Self {
        Self::invalid("", rejection.body_text())
    }
}

impl From<PathRejection> for Error {
    fn from(_: PathRejection) -> Self {
        Self::NotFound("there is nothing at this path".to_owned())
    }
}
