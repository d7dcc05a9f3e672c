//! `DELETE /api/v1/integrations/{org}/{provider}/subscriptions/{subscription_id}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::Path,
    saas::Subscriptions,
};
use http::StatusCode;

use super::SubscriptionPath;

/// Forgets a subscription. One that has ended is better given its last day: then its costs stay.
#[utoipa::path(
    delete,
    path = "/api/v1/integrations/{org}/{provider}/subscriptions/{subscription_id}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(SubscriptionPath),
    responses(
        (status = 204, description = "Forgotten"),
        (status = 404, description = "No such subscription", body = ErrorBody),
    )
)]
pub(crate) async fn forget_subscription(
    access: Access<ManageIntegrations>,
    Path(path): Path<SubscriptionPath>,
    State(subscriptions): State<Arc<Subscriptions>>,
) -> Result<StatusCode> {
    let by = By { caller: &access.caller, meta: &access.meta };
    subscriptions.forget(&access.org, path.which(), by).await?;
    Ok(StatusCode::NO_CONTENT)
}
