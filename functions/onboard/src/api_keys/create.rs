//! `POST /api/v1/organizations/{org}/api-keys`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageKeys},
    claims::Answer,
    error::ErrorBody,
    http::{IdempotencyKey, Repeatable},
    tenants::{IssuedKey, NewKey, Tenants},
};

/// Makes a key, which is shown this once.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{org}/api-keys",
    operation_id = "create_api_key",
    tag = "onboard",
    params(("org" = String, Path, description = "The organization's slug"), IdempotencyKey),
    request_body = NewKey,
    responses(
        (status = 201, body = IssuedKey),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody),
        (status = 422, description = "All mistakes at once", body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.create_key", skip_all, fields(org_slug = %access.org))]
pub(crate) async fn create(
    access: Access<ManageKeys>,
    State(tenants): State<Arc<Tenants>>,
    request: Repeatable<NewKey>,
) -> Result<Answer> {
    let by = By { caller: &access.caller, meta: &access.meta };
    tenants.issue_key(by, &access.org, request.value, &request.identity).await
}
