//! `GET /api/v1/costs/{org}/breakdown`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadCosts},
    costs::{Breakdown, BreakdownAsked, Costs, Order},
    http::{PageQuery, Query},
};
use utoipa::IntoParams;

use crate::{
    answer::Answer,
    params::{CostParam, Params, RangeParams},
};

/// How many columns rows are grouped by at most.
const MOST_COLUMNS: usize = 8;

/// What table is made.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Params` reads")]
pub(crate) struct TableParams {
    /// One to eight FOCUS columns, separated by commas.
    #[param(example = "ServiceProviderName,ServiceName")]
    group_by: String,
    /// `cost`, `currency` or one of the columns; with `-` before it, greatest first.
    #[param(default = "-cost")]
    sort: Option<String>,
}

/// A table of sums by any FOCUS columns, sorted and paged.
#[utoipa::path(
    get,
    path = "/api/v1/costs/{org}/breakdown",
    tag = "costs",
    params(
        ("org" = String, Path, description = "The organization"),
        RangeParams, CostParam, TableParams, PageQuery,
    ),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = Breakdown))
)]
pub(crate) async fn breakdown(
    access: Access<ReadCosts>,
    State(costs): State<Arc<Costs>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Answer> {
    let mut params = Params::new(pairs);
    let range = params.range(costs.this_month(&access.organization)?);
    let cost = params.cost();
    let group_by = params.group_by(MOST_COLUMNS, costs.columns());
    if group_by.is_empty() {
        params.wrong("group_by", "say by which FOCUS columns, as in `ServiceName`");
    }
    let order = order(&mut params, &group_by);
    let page = params.page();
    let filters = params.filters(costs.columns());
    params.finish()?;
    let asked = BreakdownAsked { range, cost, filters, group_by, order };
    costs.breakdown(&access.org, &asked, &page).await.map(Answer)
}

fn order(params: &mut Params, group_by: &[String]) -> Order {
    let text = params.text("sort").unwrap_or_else(|| "-cost".to_owned());
    let (by, descending) = match text.strip_prefix('-') {
        Some(rest) => (rest.to_owned(), true),
        None => (text, false),
    };
    if !(["cost", "currency"].contains(&by.as_str()) || group_by.contains(&by)) {
        params.wrong("sort", "sort by `cost`, `currency` or a column of `group_by`");
    }
    Order { by, descending }
}
