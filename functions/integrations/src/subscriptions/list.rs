//! `GET /api/v1/integrations/{org}/{provider}/subscriptions`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadIntegrations},
    error::ErrorBody,
    http::{Json, ListBody, PageQuery, Path},
    saas::{SubscriptionView, Subscriptions},
};

use crate::body::ProviderPath;

/// The subscriptions of a provider, newest first, with all versions of their terms.
#[utoipa::path(
    get,
    path = "/api/v1/integrations/{org}/{provider}/subscriptions",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, PageQuery),
    responses(
        (status = 200, body = ListBody<SubscriptionView>),
        (status = 404, description = "No such provider", body = ErrorBody),
    )
)]
pub(crate) async fn list_subscriptions(
    access: Access<ReadIntegrations>,
    Path(path): Path<ProviderPath>,
    page: PageQuery,
    State(subscriptions): State<Arc<Subscriptions>>,
) -> Result<Json<ListBody<SubscriptionView>>> {
    subscriptions.list(&access.org, &path.provider, page.request()?).await.map(Json)
}
