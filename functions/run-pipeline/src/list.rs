//! `GET /api/v1/pipelines/{org}/runs`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ViewRuns},
    http::{Json, ListBody, PageQuery, Query},
    runs::{RunStatus, Runs, RunsFilter},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::body::RunBody;

/// Which runs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only runs that are there.
    status: Option<RunStatus>,
    /// Only runs of this pipeline.
    pipeline: Option<String>,
    /// Only windows of this backfill; runs that are no window unless given.
    parent: Option<Uuid>,
}

/// Runs, newest first. Those that ended more than 90 days ago come from the ledgers, after the
/// others: they have no file, no findings and no windows any more.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{org}/runs",
    operation_id = "list_runs",
    tag = "run-pipeline",
    params(("org" = String, Path, description = "The organization"), ListQuery, PageQuery),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = ListBody<RunBody>))
)]
pub(crate) async fn list(
    access: Access<ViewRuns>,
    State(runs): State<Arc<Runs>>,
    Query(query): Query<ListQuery>,
    page: PageQuery,
) -> Result<Json<ListBody<RunBody>>> {
    let filter =
        RunsFilter { status: query.status, pipeline: query.pipeline, parent: query.parent };
    let (runs, next) = runs.list_all(&access.organization, &filter, page.request()?).await?;
    Ok(Json(ListBody::new(runs.into_iter().map(RunBody::from).collect(), next)))
}
