//! `GET /api/v1/integrations/{org}/{provider}/pricing`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadIntegrations},
    error::ErrorBody,
    http::{Json, ListBody, PageQuery, Path, Query},
    pricing::{ModelPrices, Prices},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::body::ProviderPath;

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OnDay {
    /// `YYYY-MM-DD`; today, in UTC, unless given.
    #[param(format = Date)]
    date: Option<String>,
}

/// The models of a provider that have a price, by name, with the prices that hold on a day: the
/// organization's own where it has some, else the shipped ones.
#[utoipa::path(
    get,
    path = "/api/v1/integrations/{org}/{provider}/pricing",
    tag = "integrations",
    security(("root_key" = []), ("api_key" = [])),
    params(ProviderPath, OnDay, PageQuery),
    responses(
        (status = 200, body = ListBody<ModelPrices>),
        (status = 404, description = "No such provider", body = ErrorBody),
    )
)]
pub(crate) async fn list_prices(
    access: Access<ReadIntegrations>,
    Path(path): Path<ProviderPath>,
    Query(on): Query<OnDay>,
    page: PageQuery,
    State(prices): State<Arc<Prices>>,
) -> Result<Json<ListBody<ModelPrices>>> {
    let date = on.date.as_deref();
    prices.list(&access.org, &path.provider, date, page.request()?).await.map(Json)
}
