//! `POST /api/v1/organizations/onboard`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::Root,
    claims::Answer,
    error::ErrorBody,
    http::{IdempotencyKey, Repeatable},
    tenants::{NewOrganization, Onboarded, Tenants},
};

/// Makes an organization: its dataset and tables, its plan in TRIAL, its first API key, which is
/// shown this once. All of it or none of it.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/onboard",
    operation_id = "onboard_organization",
    tag = "onboard",
    params(IdempotencyKey),
    request_body = NewOrganization,
    responses(
        (status = 201, body = Onboarded),
        (status = 401, body = ErrorBody),
        (status = 409, description = "The slug is taken", body = ErrorBody),
        (status = 422, description = "All mistakes at once", body = ErrorBody),
    ),
    security(("root_key" = []))
)]
#[tracing::instrument(name = "onboard.onboard", skip_all)]
pub(crate) async fn onboard(
    root: Root,
    State(tenants): State<Arc<Tenants>>,
    request: Repeatable<NewOrganization>,
) -> Result<Answer> {
    let by = By { caller: &root.caller, meta: &root.meta };
    tenants.onboard(by, &request.value, &request.identity).await
}
