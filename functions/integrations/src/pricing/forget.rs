//! `DELETE /api/v1/integrations/{org}/{provider}/pricing/{model}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::Path,
    pricing::Prices,
};
use http::StatusCode;

use super::ModelPath;

/// Forgets all of the organization's own prices of a model: the shipped ones hold again.
#[utoipa::path(
    delete,
    path = "/api/v1/integrations/{org}/{provider}/pricing/{model}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ModelPath),
    responses(
        (status = 204, description = "Forgotten"),
        (status = 404, description = "There is no own price of it", body = ErrorBody),
    )
)]
pub(crate) async fn forget_prices(
    access: Access<ManageIntegrations>,
    Path(path): Path<ModelPath>,
    State(prices): State<Arc<Prices>>,
) -> Result<StatusCode> {
    let by = By { caller: &access.caller, meta: &access.meta };
    prices.forget(&access.org, path.which(), by).await?;
    Ok(StatusCode::NO_CONTENT)
}
