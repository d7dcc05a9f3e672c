//! `POST /api/v1/organizations/dryrun`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::Root,
    error::ErrorBody,
    http::Json,
    tenants::{DryRun, NewOrganization, Tenants},
};

/// Every check of onboarding; nothing is written, and all mistakes are said at once.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/dryrun",
    operation_id = "dry_run_organization",
    tag = "onboard",
    request_body = NewOrganization,
    responses(
        (status = 200, description = "It can be onboarded so", body = DryRun),
        (status = 401, body = ErrorBody),
        (status = 409, description = "The slug is taken", body = ErrorBody),
        (status = 422, description = "All mistakes at once", body = ErrorBody),
    ),
    security(("root_key" = []))
)]
#[tracing::instrument(name = "onboard.dry_run", skip_all)]
pub(crate) async fn dry_run(
    _: Root,
    State(tenants): State<Arc<Tenants>>,
    Json(request): Json<NewOrganization>,
) -> Result<Json<DryRun>> {
    Ok(Json(tenants.dry_run(&request).await?))
}
