//! `POST /api/v1/integrations/{org}/{provider}/setup`

use axum::response::{IntoResponse as _, Response};
use convergence::{
    Error, Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    claims::{Begin, Claim},
    error::{Detail, ErrorBody},
    http::{IdempotencyKey, Json, Path, Repeatable},
    providers::{Fields, Outcome, Provider, SOURCE_NAME, is_source_name},
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{IntegrationBody, ProviderPath, default_name},
    connect::Connection,
    desk::Desk,
    machine::Machine,
};

/// A connection to set up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupBody {
    /// Tells several accounts of the provider apart: 1 to 40 of `a-z`, `0-9`, `_` and `-`.
    #[serde(default = "default_name")]
    #[schema(default = "default")]
    name: String,
    /// The fields that `GET /api/v1/providers` lists for the provider.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    credential: Fields,
}

/// Checks a credential's form, then with the provider, seals it and keeps it.
///
/// It replaces the older one of the same name. What fails a check is not kept.
#[utoipa::path(
    post,
    path = "/api/v1/integrations/{org}/{provider}/setup",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, IdempotencyKey),
    request_body = SetupBody,
    responses(
        (status = 201, description = "Connected", body = IntegrationBody),
        (status = 200, description = "Replaced an older one", body = IntegrationBody),
        (status = 404, description = "No such provider", body = ErrorBody),
        (status = 422, description = "The provider's reason, or what is wrong", body = ErrorBody),
        (status = 429, description = "The plan allows no more providers", body = ErrorBody),
    )
)]
pub(crate) async fn setup(
    access: Access<ManageIntegrations>,
    Path(path): Path<ProviderPath>,
    machine: Machine,
    desk: Desk,
    request: Repeatable<SetupBody>,
) -> Result<Response> {
    let provider = desk.providers.find(&path.provider)?;
    check_form(provider, &request.value)?;
    machine.check(provider, &access.caller)?;
    match desk.claims.begin(&access.caller, &request.identity).await? {
        Begin::Replay(answer) => Ok(answer.into_response()),
        Begin::Fresh(claim) => connect(&access, provider, &desk, (request.value, claim)).await,
    }
}

async fn connect(
    access: &Access<ManageIntegrations>,
    provider: &Provider,
    desk: &Desk,
    (body, claim): (SetupBody, Claim),
) -> Result<Response> {
    prove(access, provider, desk, &body.credential).await?;
    let by = By { caller: &access.caller, meta: &access.meta };
    let SetupBody { name, credential } = body;
    let connection = Connection { org: &access.org, provider, name: &name, fields: &credential };
    let (integration, new) = connection.keep(desk, by, &claim).await?;
    claim.keep();
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(IntegrationBody::from(integration))).into_response())
}

fn check_form(provider: &Provider, body: &SetupBody) -> Result<()> {
    let mut details = provider.mistakes(&body.credential);
    if !is_source_name(&body.name) {
        details.push(Detail { field: "name".to_owned(), message: SOURCE_NAME.to_owned() });
    }
    Error::check(details)
}

async fn prove(
    access: &Access<ManageIntegrations>,
    provider: &Provider,
    desk: &Desk,
    fields: &Fields,
) -> Result<()> {
    match desk.providers.prove(provider, &access.org, fields).await {
        Outcome::Valid => Ok(()),
        Outcome::Invalid(why) => Err(Error::invalid("credential", why)),
        Outcome::Unknown(why) => {
            let message = format!("{} could not be asked, nothing was kept: {why}", provider.name);
            Err(Error::Unavailable { cause: anyhow::anyhow!(message.clone()), message })
        }
    }
}
