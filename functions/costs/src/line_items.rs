//! `GET /api/v1/costs/{org}/line-items`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadCosts},
    costs::{Costs, LineItems, LineItemsAsked},
    http::{PageQuery, Query},
};

use crate::{
    answer::Answer,
    params::{Params, RangeParams},
};

/// The rows themselves, the latest day first, in pages without gaps.
#[utoipa::path(
    get,
    path = "/api/v1/costs/{org}/line-items",
    tag = "costs",
    params(("org" = String, Path, description = "The organization"), RangeParams, PageQuery),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = LineItems))
)]
pub(crate) async fn line_items(
    access: Access<ReadCosts>,
    State(costs): State<Arc<Costs>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Answer> {
    let mut params = Params::new(pairs);
    let range = params.range(costs.this_month(&access.organization)?);
    let page = params.page();
    let filters = params.filters(costs.columns());
    params.finish()?;
    costs.line_items(&access.org, &LineItemsAsked { range, filters }, &page).await.map(Answer)
}
