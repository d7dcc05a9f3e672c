//! `GET /api/v1/costs/{org}/summary`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadCosts},
    costs::{Costs, Summary, SummaryAsked},
    http::Query,
};

use crate::{
    answer::Answer,
    params::{CostParam, Params, RangeParams},
};

/// The total of a range in each currency, against the range before, by provider and category.
#[utoipa::path(
    get,
    path = "/api/v1/costs/{org}/summary",
    tag = "costs",
    params(("org" = String, Path, description = "The organization"), RangeParams, CostParam),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = Summary))
)]
pub(crate) async fn summary(
    access: Access<ReadCosts>,
    State(costs): State<Arc<Costs>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Answer> {
    let mut params = Params::new(pairs);
    let range = params.range(costs.this_month(&access.organization)?);
    let cost = params.cost();
    let filters = params.filters(costs.columns());
    params.finish()?;
    let currency = access.organization.currency.clone();
    let asked = SummaryAsked { range, cost, filters, currency };
    costs.summary(&access.org, &asked).await.map(Answer)
}
