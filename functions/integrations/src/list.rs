//! `GET /api/v1/integrations/{org}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadIntegrations},
    entities::Integration,
    error::ErrorBody,
    http::{Json, ListBody, PageQuery},
    store::{Collection, List, Owner, Store},
};

use crate::body::IntegrationBody;

/// Every connection of the organization, never a credential.
#[utoipa::path(
    get,
    path = "/api/v1/integrations/{org}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(("org" = String, Path, description = "The organization"), PageQuery),
    responses(
        (status = 200, body = ListBody<IntegrationBody>),
        (status = 404, description = "No such organization", body = ErrorBody),
    )
)]
pub(crate) async fn list(
    access: Access<ReadIntegrations>,
    page: PageQuery,
    State(store): State<Arc<dyn Store>>,
) -> Result<Json<ListBody<IntegrationBody>>> {
    let page = store
        .list(&List {
            collection: Collection::Credentials,
            owner: Some(Owner::Org(access.org)),
            filters: Vec::new(),
            page: page.request()?,
        })
        .await?;
    let next = page.next.clone();
    let items = page.read::<Integration>()?;
    Ok(Json(ListBody::new(items.into_iter().map(|held| held.value.into()).collect(), next)))
}
