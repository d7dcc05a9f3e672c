//! What an organization spends: totals, series, tables, rows, files. Everything here only reads.

mod answer;
mod breakdown;
mod export;
mod line_items;
mod params;
mod quality;
mod summary;
mod timeseries;

use std::sync::Arc;

use axum::extract::FromRef;
use convergence::{auth::Authenticator, costs::Costs};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Authenticator>: FromRef<S>,
    Arc<Costs>: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(summary::summary))
        .routes(routes!(timeseries::timeseries))
        .routes(routes!(breakdown::breakdown))
        .routes(routes!(line_items::line_items))
        .routes(routes!(export::export))
        .routes(routes!(quality::quality))
}
