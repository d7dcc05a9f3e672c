//! `POST /api/v1/integrations/{org}/{provider}/pricing`

use std::sync::Arc;

use axum::{extract::State, response::Response};
use convergence::{
    Result,
    audit::By,
    auth::{Access, permit::ManageIntegrations},
    error::ErrorBody,
    http::{IdempotencyKey, Path, Repeatable},
    pricing::{ModelPrices, PeriodForm, Prices},
};

use crate::body::ProviderPath;

/// Adds the organization's own prices of a model for a time; they stand over the shipped ones.
#[utoipa::path(
    post,
    path = "/api/v1/integrations/{org}/{provider}/pricing",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, IdempotencyKey),
    request_body = PeriodForm,
    responses(
        (status = 201, description = "Added", body = ModelPrices),
        (status = 404, description = "No such provider", body = ErrorBody),
        (status = 409, description = "Own prices begin on that day already", body = ErrorBody),
        (status = 422, description = "What is wrong", body = ErrorBody),
    )
)]
pub(crate) async fn add_prices(
    access: Access<ManageIntegrations>,
    Path(path): Path<ProviderPath>,
    State(prices): State<Arc<Prices>>,
    Repeatable { value, identity }: Repeatable<PeriodForm>,
) -> Result<Response> {
    let by = By { caller: &access.caller, meta: &access.meta };
    prices.add(&access.org, &path.provider, (&value, &identity), by).await
}
