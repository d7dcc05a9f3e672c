//! `GET /api/v1/pipelines/{org}/runs/{run_id}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ViewRuns},
    http::{Json, Path},
    runs::Runs,
};
use uuid::Uuid;

use crate::body::RunBody;

/// A run with its steps, progress, rows and checks.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{org}/runs/{run_id}",
    operation_id = "get_run",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("run_id" = Uuid, Path, description = "The run")
    ),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = RunBody))
)]
pub(crate) async fn get(
    access: Access<ViewRuns>,
    State(runs): State<Arc<Runs>>,
    Path((_org, run_id)): Path<(String, Uuid)>,
) -> Result<Json<RunBody>> {
    Ok(Json(RunBody::from(runs.look(&access.org, run_id).await?)))
}
