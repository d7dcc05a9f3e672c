//! `POST /api/v1/organizations/{org}/api-keys/{key_id}/rotate`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageKeys},
    claims::Answer,
    error::ErrorBody,
    http::{IdempotencyKey, Path, Repeatable},
    tenants::{RotatedKey, Rotation, Tenants},
};

use super::{KeyPath, OfKey};

/// Makes a key's successor, which is shown this once; both work for an overlap.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{org}/api-keys/{key_id}/rotate",
    operation_id = "rotate_api_key",
    tag = "onboard",
    params(
        ("org" = String, Path, description = "The organization's slug"),
        ("key_id" = Uuid, Path, description = "The key"),
        IdempotencyKey,
    ),
    request_body = Rotation,
    responses(
        (status = 201, body = RotatedKey),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, description = "It has ended, or has a successor", body = ErrorBody),
        (status = 422, body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.rotate_key", skip_all, fields(org_slug = %access.org, %key_id))]
pub(crate) async fn rotate(
    access: Access<ManageKeys>,
    State(tenants): State<Arc<Tenants>>,
    Path(KeyPath { key_id }): OfKey,
    request: Repeatable<Rotation>,
) -> Result<Answer> {
    let by = By { caller: &access.caller, meta: &access.meta };
    tenants.rotate_key(by, (&access.org, key_id), request.value, &request.identity).await
}
