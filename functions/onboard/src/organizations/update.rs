//! `PATCH /api/v1/organizations/{org}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::EditOrganization},
    error::ErrorBody,
    http::Json,
    tenants::{OrganizationBody, ProfilePatch, Tenants},
};

/// Changes the profile; what is not given stays.
#[utoipa::path(
    patch,
    path = "/api/v1/organizations/{org}",
    operation_id = "update_organization",
    tag = "onboard",
    params(("org" = String, Path, description = "The organization's slug")),
    request_body = ProfilePatch,
    responses(
        (status = 200, body = OrganizationBody),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody),
        (status = 422, description = "All mistakes at once", body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.update_organization", skip_all, fields(org_slug = %access.org))]
pub(crate) async fn update(
    access: Access<EditOrganization>,
    State(tenants): State<Arc<Tenants>>,
    Json(patch): Json<ProfilePatch>,
) -> Result<Json<OrganizationBody>> {
    let by = By { caller: &access.caller, meta: &access.meta };
    Ok(Json(tenants.patch_organization(by, &access.org, &patch).await?))
}
