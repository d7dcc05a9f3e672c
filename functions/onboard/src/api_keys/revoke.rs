//! `DELETE /api/v1/organizations/{org}/api-keys/{key_id}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageKeys},
    error::ErrorBody,
    http::Path,
    tenants::Tenants,
};
use http::StatusCode;

use super::{KeyPath, OfKey};

/// Revokes a key: it stops working at once here, and within a minute everywhere.
#[utoipa::path(
    delete,
    path = "/api/v1/organizations/{org}/api-keys/{key_id}",
    operation_id = "revoke_api_key",
    tag = "onboard",
    params(
        ("org" = String, Path, description = "The organization's slug"),
        ("key_id" = Uuid, Path, description = "The key"),
    ),
    responses(
        (status = 204, description = "It is revoked, or was already"),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.revoke_key", skip_all, fields(org_slug = %access.org, %key_id))]
pub(crate) async fn revoke(
    access: Access<ManageKeys>,
    State(tenants): State<Arc<Tenants>>,
    Path(KeyPath { key_id }): OfKey,
) -> Result<StatusCode> {
    let by = By { caller: &access.caller, meta: &access.meta };
    tenants.revoke_key(by, &access.org, key_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
