//! `POST /api/v1/integrations/{org}/{provider}/subscriptions`

use std::sync::Arc;

use axum::{extract::State, response::Response};
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::{IdempotencyKey, Path, Repeatable},
    saas::{SubscriptionForm, SubscriptionView, Subscriptions},
};

use crate::body::ProviderPath;

/// Keeps a SaaS subscription. Its costs come in with the pipeline `saas/cost/subscriptions`.
#[utoipa::path(
    post,
    path = "/api/v1/integrations/{org}/{provider}/subscriptions",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, IdempotencyKey),
    request_body = SubscriptionForm,
    responses(
        (status = 201, description = "Kept", body = SubscriptionView),
        (status = 404, description = "No such provider", body = ErrorBody),
        (status = 422, description = "What is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn create_subscription(
    access: Access<ManageIntegrations>,
    Path(path): Path<ProviderPath>,
    State(subscriptions): State<Arc<Subscriptions>>,
    Repeatable { value, identity }: Repeatable<SubscriptionForm>,
) -> Result<Response> {
    let by = By { caller: &access.caller, meta: &access.meta };
    subscriptions.create(&access.org, &path.provider, (&value, &identity), by).await
}
