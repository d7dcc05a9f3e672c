//! HTTP as every function speaks it: extractors and layers that refuse with our error.

mod extract;
mod idempotency;
mod json;
pub(crate) mod layers;
mod meta;
mod outgoing;
mod page;
mod trace;

#[cfg(feature = "google")]
pub(crate) use self::outgoing::begin_tls;
pub use axum::extract::DefaultBodyLimit as BodyLimit;

pub use self::{
    extract::{Path, Query},
    idempotency::{IdempotencyKey, Identity, Repeatable},
    json::Json,
    layers::TimeLimit,
    meta::RequestMeta,
    outgoing::outgoing,
    page::{ListBody, PageQuery},
    trace::Trace,
};
