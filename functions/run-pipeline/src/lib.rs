//! Runs pipelines: submits, shows, executes, cancels and retries runs; takes files for them.

mod body;
mod cancel;
mod check;
mod events;
mod get;
mod import;
mod list;
mod pipelines;
mod push;
mod rejected_rows;
mod retry;
mod run;
mod same_machine;
mod start_upload;
mod submitted;
mod upload;

use std::{sync::Arc, time::Duration};

use axum::extract::FromRef;
use convergence::{
    auth::Authenticator,
    http::TimeLimit,
    runs::Runs,
    state::{BootId, Shutdown},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use self::import::import;

/// How long a push may take at most: Pub/Sub waits 600 s, and what works on a run stops before.
const PUSH: Duration = Duration::from_secs(590);
/// How long an upload may take.
const UPLOAD: Duration = Duration::from_hours(1);

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Authenticator>: FromRef<S>,
    Arc<Runs>: FromRef<S>,
    BootId: FromRef<S>,
    Shutdown: FromRef<S>,
{
    let push = OpenApiRouter::new().routes(routes!(push::push)).layer(TimeLimit(PUSH));
    let upload = OpenApiRouter::new().routes(routes!(upload::upload)).layer(TimeLimit(UPLOAD));
    OpenApiRouter::new()
        .routes(routes!(run::run))
        .routes(routes!(run::run_without_domain))
        .routes(routes!(list::list))
        .routes(routes!(get::get))
        .routes(routes!(events::events))
        .routes(routes!(cancel::cancel))
        .routes(routes!(retry::retry))
        .routes(routes!(start_upload::start_upload))
        .routes(routes!(rejected_rows::rejected_rows))
        .routes(routes!(pipelines::pipelines))
        .routes(routes!(check::check))
        .routes(routes!(check::check_without_domain))
        .merge(push)
        .merge(upload)
}
