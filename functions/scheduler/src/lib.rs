//! Comes back to what a crash, a lost message or a wait left to be done.

mod dead_letters;
mod replay;
mod sweep;

use std::sync::Arc;

use axum::extract::FromRef;
use convergence::{auth::Authenticator, dead_letters::DeadLetters, sweep::Sweep};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Authenticator>: FromRef<S>,
    Arc<DeadLetters>: FromRef<S>,
    Arc<Sweep>: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(sweep::sweep))
        .routes(routes!(dead_letters::dead_letters))
        .routes(routes!(replay::replay))
}
