//! `PUT /api/v1/organizations/{org}/subscription`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::Root,
    error::ErrorBody,
    http::{Json, Path},
    org::OrgSlug,
    tenants::{NewSubscription, SubscriptionBody, Tenants},
};

/// Sets an organization's plan, status and limits.
#[utoipa::path(
    put,
    path = "/api/v1/organizations/{org}/subscription",
    operation_id = "set_subscription",
    tag = "onboard",
    params(("org" = String, Path, description = "The organization's slug")),
    request_body = NewSubscription,
    responses(
        (status = 200, body = SubscriptionBody),
        (status = 401, body = ErrorBody),
        (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody),
        (status = 422, description = "All mistakes at once", body = ErrorBody),
    ),
    security(("root_key" = []))
)]
#[tracing::instrument(name = "onboard.set_subscription", skip_all)]
pub(crate) async fn set(
    root: Root,
    State(tenants): State<Arc<Tenants>>,
    Path(org): Path<OrgSlug>,
    Json(request): Json<NewSubscription>,
) -> Result<Json<SubscriptionBody>> {
    let by = By { caller: &root.caller, meta: &root.meta };
    Ok(Json(tenants.set_subscription(by, &org, &request).await?))
}
