//! Connections to providers: set up, validated, shown and forgotten. Credentials go in and never
//! come out.

mod providers;

use std::sync::Arc;

use axum::extract::FromRef;
use convergence::providers::Providers;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Providers>: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(providers::providers))
}
