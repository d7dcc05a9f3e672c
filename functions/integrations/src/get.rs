//! `GET /api/v1/integrations/{org}/{provider}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Error, Result,
    auth::{Access, permit::ReadIntegrations},
    clock::Clock,
    entities::Integration,
    error::ErrorBody,
    http::{Json, Path, Query},
    org::OrgSlug,
    store::{Held, Store, StoreExt as _},
};
use jiff::Timestamp;

use crate::body::{IntegrationBody, Named, ProviderPath};

/// The status of one connection, never its credential.
#[utoipa::path(
    get,
    path = "/api/v1/integrations/{org}/{provider}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, Named),
    responses(
        (status = 200, body = IntegrationBody),
        (status = 404, description = "Not connected", body = ErrorBody),
    )
)]
pub(crate) async fn get(
    access: Access<ReadIntegrations>,
    Path(path): Path<ProviderPath>,
    Query(named): Query<Named>,
    State(store): State<Arc<dyn Store>>,
    State(clock): State<Arc<dyn Clock>>,
) -> Result<Json<IntegrationBody>> {
    let held = find(&*store, &access.org, &path.provider, &named.name, clock.now()).await?;
    Ok(Json(held.value.into()))
}

/// A connection, or the 404 that says which are not there.
pub(crate) async fn find(
    store: &dyn Store,
    org: &OrgSlug,
    provider: &str,
    name: &str,
    now: Timestamp,
) -> Result<Held<Integration>> {
    let held = store.find(&Integration::key(org, provider, name), now).await?;
    held.ok_or_else(|| {
        Error::NotFound(format!("{provider}/{name} is not connected; connect it with `setup`"))
    })
}
