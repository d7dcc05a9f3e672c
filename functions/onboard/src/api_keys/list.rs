//! `GET /api/v1/organizations/{org}/api-keys`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ManageKeys},
    error::ErrorBody,
    http::{Json, ListBody, PageQuery},
    tenants::{KeyBody, Tenants},
};

/// The organization's keys, without the keys.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{org}/api-keys",
    operation_id = "list_api_keys",
    tag = "onboard",
    params(("org" = String, Path, description = "The organization's slug"), PageQuery),
    responses(
        (status = 200, body = ListBody<KeyBody>),
        (status = 401, body = ErrorBody),
        (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody),
    ),
    security(("root_key" = []), ("api_key" = []))
)]
#[tracing::instrument(name = "onboard.list_keys", skip_all, fields(org_slug = %access.org))]
pub(crate) async fn list(
    access: Access<ManageKeys>,
    State(tenants): State<Arc<Tenants>>,
    page: PageQuery,
) -> Result<Json<ListBody<KeyBody>>> {
    let (items, next) = tenants.keys(&access.org, page.request()?).await?;
    Ok(Json(ListBody::new(items, next)))
}
