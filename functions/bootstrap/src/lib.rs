//! The deployment's own dataset: made, completed, looked at. For the holder of the root key.

mod run;
mod status;

use std::sync::Arc;

use axum::extract::FromRef;
use convergence::{auth::Authenticator, setup::Bootstrap};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Authenticator>: FromRef<S>,
    Arc<Bootstrap>: FromRef<S>,
{
    OpenApiRouter::new().routes(routes!(run::run, status::status))
}
