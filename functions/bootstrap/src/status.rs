//! `GET /api/v1/admin/bootstrap`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::Root,
    error::ErrorBody,
    http::Json,
    setup::{Bootstrap, Status},
};

/// What exists of the deployment's dataset against what should.
#[utoipa::path(
    get,
    path = "/api/v1/admin/bootstrap",
    operation_id = "get_bootstrap",
    tag = "bootstrap",
    responses(
        (status = 200, body = Status),
        (status = 401, body = ErrorBody),
    ),
    security(("root_key" = []))
)]
#[tracing::instrument(name = "bootstrap.status", skip_all)]
pub(crate) async fn status(
    _: Root,
    State(bootstrap): State<Arc<Bootstrap>>,
) -> Result<Json<Status>> {
    Ok(Json(bootstrap.status().await?))
}
