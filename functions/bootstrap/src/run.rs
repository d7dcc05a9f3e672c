//! `POST /api/v1/admin/bootstrap`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::Root,
    error::ErrorBody,
    http::Json,
    setup::{Bootstrap, Report},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// What to do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BootstrapRequest {
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Makes or completes the deployment's dataset and its tables. Once more changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/admin/bootstrap",
    operation_id = "run_bootstrap",
    tag = "bootstrap",
    request_body = BootstrapRequest,
    responses(
        (status = 200, description = "Every table by name, and what was done with it", body = Report),
        (status = 401, body = ErrorBody),
        (status = 422, description = "A schema has mistakes, or a change would lose data", body = ErrorBody),
    ),
    security(("root_key" = []))
)]
#[tracing::instrument(name = "bootstrap.run", skip_all, fields(dry_run = request.dry_run))]
pub(crate) async fn run(
    _: Root,
    State(bootstrap): State<Arc<Bootstrap>>,
    Json(request): Json<BootstrapRequest>,
) -> Result<Json<Report>> {
    let report = bootstrap.run(request.dry_run).await?;
    let (created, updated) = (report.created.len(), report.updated.len());
    tracing::info!(created, updated, "the deployment's tables are complete");
    Ok(Json(report))
}
