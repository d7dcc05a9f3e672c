//! `POST /api/v1/integrations/{org}/{provider}/validate`

use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    entities::{Integration, IntegrationStatus, next_version},
    error::ErrorBody,
    http::{Json, Path, Query},
    providers::{Fields, Outcome},
    store::{Held, Owner},
};

use crate::{
    body::{IntegrationBody, Named, ProviderPath},
    change::Change,
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
    let provider = desk.provider(&path.provider)?;
    let mut held = find(&*desk.store, &access.org, &provider.id, &named.name, now).await?;
    let owner = Owner::Org(access.org.clone());
    let of = (held.value.provider.as_str(), held.value.name.as_str());
    let secret = desk.vault.open(&owner, of, &held.value.sealed).await?;
    let found = provider.check.run(&Fields::from_bytes(secret.expose())?).await;
    let replaces = held.value.version;
    note(&mut held, found);
    held.value.last_checked_at = now;
    held.value.version = next_version(replaces, now);
    let change = Change {
        org: &access.org,
        by: By { caller: &access.caller, meta: &access.meta },
        action: "integration.validate",
        integration: &held.value,
        replaces: Some(replaces),
    };
    change.commit(&desk, vec![held.replace()?]).await?;
    Ok(Json(held.value.into()))
}

fn note(held: &mut Held<Integration>, found: Outcome) {
    let (status, error) = match found {
        Outcome::Valid => (IntegrationStatus::Valid, None),
        Outcome::Invalid(why) => (IntegrationStatus::Invalid, Some(why)),
        Outcome::Unknown(why) => (IntegrationStatus::Pending, Some(why)),
    };
    held.value.status = status;
    held.value.last_error = error;
}
