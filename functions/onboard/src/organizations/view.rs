//! `GET /api/v1/organizations/{org}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ViewOrganization},
    error::ErrorBody,
    http::Json,
    tenants::{OrganizationBody, Tenants},
};

/// Profile, plan, limits, and what is used of them.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{org}",
    operation_id = "get_organization",
    tag = "onboard",
    params(("org" = String, Path, description = "The organization's slug")),
    responses(
        (status = 200, body = OrganizationBody),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.view_organization", skip_all, fields(org_slug = %access.org))]
pub(crate) async fn view(
    access: Access<ViewOrganization>,
    State(tenants): State<Arc<Tenants>>,
) -> Result<Json<OrganizationBody>> {
    Ok(Json(tenants.organization(&access.org).await?))
}
