//! `POST /api/v1/pipelines/{org}/runs/{run_id}/cancel`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::RunPipelines},
    http::{Json, Path},
    runs::Runs,
};
use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::{body::RunBody, submitted::audited};

/// Ends a run: at once where it only waits, else at its next safe point.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/{org}/runs/{run_id}/cancel",
    operation_id = "cancel_run",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("run_id" = Uuid, Path, description = "The run")
    ),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 202, body = RunBody))
)]
pub(crate) async fn cancel(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, run_id)): Path<(String, Uuid)>,
) -> Result<(StatusCode, Json<RunBody>)> {
    let entry = audited(&runs, &access, "run.cancel", (format!("runs/{run_id}"), Value::Null))?;
    let run = runs.cancel(&access.org, run_id, &[entry]).await?;
    Ok((StatusCode::ACCEPTED, Json(RunBody::from(run))))
}
