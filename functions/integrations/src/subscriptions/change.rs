//! `PUT /api/v1/integrations/{org}/{provider}/subscriptions/{subscription_id}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::{Json, Path},
    saas::{ChangeForm, SubscriptionView, Subscriptions},
};

use super::SubscriptionPath;

/// Makes a subscription what the body says: what it leaves out is taken away. A change of seats,
/// price, cycle or discount begins a new version on its day; what was before stays.
#[utoipa::path(
    put,
    path = "/api/v1/integrations/{org}/{provider}/subscriptions/{subscription_id}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(SubscriptionPath),
    request_body = ChangeForm,
    responses(
        (status = 200, description = "Changed", body = SubscriptionView),
        (status = 404, description = "No such subscription", body = ErrorBody),
        (status = 409, description = "A version begins on that day already", body = ErrorBody),
        (status = 422, description = "What is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn change_subscription(
    access: Access<ManageIntegrations>,
    Path(path): Path<SubscriptionPath>,
    State(subscriptions): State<Arc<Subscriptions>>,
    Json(form): Json<ChangeForm>,
) -> Result<Json<SubscriptionView>> {
    let by = By { caller: &access.caller, meta: &access.meta };
    subscriptions.change(&access.org, path.which(), &form, by).await.map(Json)
}
