//! `GET /api/v1/pipelines/{org}/runs/{run_id}/rejected-rows`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ViewRuns},
    http::{Json, ListBody, PageQuery, Path},
    runs::{RejectedRow, Runs},
};
use uuid::Uuid;

/// Rows that could not be used, with the reason and where they stood.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{org}/runs/{run_id}/rejected-rows",
    operation_id = "list_rejected_rows",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("run_id" = Uuid, Path, description = "The run"),
        PageQuery
    ),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = ListBody<RejectedRow>))
)]
pub(crate) async fn rejected_rows(
    access: Access<ViewRuns>,
    State(runs): State<Arc<Runs>>,
    Path((_org, run_id)): Path<(String, Uuid)>,
    page: PageQuery,
) -> Result<Json<ListBody<RejectedRow>>> {
    let run = runs.look(&access.org, run_id).await?;
    let (rows, next) = runs.rejected(&run, &page.request()?).await?;
    Ok(Json(ListBody::new(rows, next)))
}
