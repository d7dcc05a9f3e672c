//! `DELETE /api/v1/integrations/{org}/{provider}`

use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    connections::Change,
    entities::{Counters, IntegrationStatus, next_version},
    error::ErrorBody,
    http::{Path, Query},
    store::StoreExt as _,
};
use http::StatusCode;

use crate::{
    body::{Named, ProviderPath},
    desk::Desk,
    get::find,
};

/// Forgets a connection and its credential. The costs that it brought in stay.
#[utoipa::path(
    delete,
    path = "/api/v1/integrations/{org}/{provider}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, Named),
    responses(
        (status = 204, description = "Forgotten"),
        (status = 404, description = "Not connected", body = ErrorBody),
    )
)]
pub(crate) async fn delete(
    access: Access<ManageIntegrations>,
    Path(path): Path<ProviderPath>,
    Query(named): Query<Named>,
    desk: Desk,
) -> Result<StatusCode> {
    let now = desk.clock.now();
    let held = find(&*desk.store, &access.org, &path.provider, &named.name, now).await?;
    let mut writes = vec![held.delete()];
    let counters = desk.store.find::<Counters>(&Counters::key(&access.org), now).await?;
    if let Some(mut counters) = counters
        && counters.value.sources.remove(&held.value.source_id())
    {
        writes.push(counters.replace()?);
    }
    let mut gone = held.value;
    let replaces = Some(gone.version);
    gone.status = IntegrationStatus::Deleted;
    gone.version = next_version(gone.version, now);
    let by = By { caller: &access.caller, meta: &access.meta };
    let action = "integration.delete";
    let change = Change { org: &access.org, by, action, integration: &gone, replaces };
    change.commit(&desk, writes).await?;
    Ok(StatusCode::NO_CONTENT)
}
