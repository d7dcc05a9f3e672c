//! `POST /api/v1/integrations/{org}/{provider}/validate`

use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::{Json, Path, Query},
};

use crate::{
    body::{IntegrationBody, Named, ProviderPath},
    desk::Desk,
    get::find,
};

/// Checks a kept credential with its provider again, and keeps what came of it.
#[utoipa::path(
    post,
    path = "/api/v1/integrations/{org}/{provider}/validate",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, Named),
    responses(
        (status = 200, description = "What came of it: VALID, INVALID or PENDING", body = IntegrationBody),
        (status = 404, description = "Not connected", body = ErrorBody),
    )
)]
pub(crate) async fn validate(
    access: Access<ManageIntegrations>,
    Path(path): Path<ProviderPath>,
    Query(named): Query<Named>,
    desk: Desk,
) -> Result<Json<IntegrationBody>> {
    let now = desk.clock.now();
    let provider = desk.providers.find(&path.provider)?;
    let held = find(&*desk.store, &access.org, &provider.id, &named.name, now).await?;
    let by = By { caller: &access.caller, meta: &access.meta };
    let checked = desk.recheck(&access.org, held, by, "integration.validate").await?;
    Ok(Json(checked.into()))
}
