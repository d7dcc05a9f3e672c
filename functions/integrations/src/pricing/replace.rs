//! `PUT /api/v1/integrations/{org}/{provider}/pricing/{model}`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::{Json, Path},
    pricing::{ModelPrices, PeriodsForm, Prices},
};

use super::ModelPath;

/// Replaces all of the organization's own prices of a model.
#[utoipa::path(
    put,
    path = "/api/v1/integrations/{org}/{provider}/pricing/{model}",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ModelPath),
    request_body = PeriodsForm,
    responses(
        (status = 200, description = "Replaced", body = ModelPrices),
        (status = 404, description = "No such provider", body = ErrorBody),
        (status = 422, description = "What is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn replace_prices(
    access: Access<ManageIntegrations>,
    Path(path): Path<ModelPath>,
    State(prices): State<Arc<Prices>>,
    Json(form): Json<PeriodsForm>,
) -> Result<Json<ModelPrices>> {
    let by = By { caller: &access.caller, meta: &access.meta };
    prices.replace(&access.org, path.which(), &form, by).await.map(Json)
}
