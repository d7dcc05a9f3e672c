//! `GET /api/v1/costs/{org}/timeseries`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadCosts},
    costs::{Costs, Interval, Timeseries, TimeseriesAsked},
    http::Query,
};
use utoipa::IntoParams;

use crate::{
    answer::Answer,
    params::{CostParam, Params, RangeParams},
};

/// How many columns series are grouped by at most.
const MOST_COLUMNS: usize = 2;
/// How many groups are shown by themselves unless told otherwise.
const TOP: u32 = 10;
/// How many groups may be shown by themselves.
const MOST_TOP: u32 = 50;

/// What series are made.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Params` reads")]
pub(crate) struct SeriesParams {
    /// `day` unless given. Weeks begin on Monday.
    #[param(inline)]
    interval: Option<Interval>,
    /// One or two FOCUS columns, separated by a comma.
    #[param(example = "ServiceName")]
    group_by: Option<String>,
    /// How many groups of each currency are shown by themselves; the rest is one series.
    #[param(minimum = 1, maximum = 50, default = 10)]
    top: Option<u32>,
}

/// A cost by day, week or month: the greatest groups, and the rest.
#[utoipa::path(
    get,
    path = "/api/v1/costs/{org}/timeseries",
    tag = "costs",
    params(
        ("org" = String, Path, description = "The organization"),
        RangeParams, CostParam, SeriesParams,
    ),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = Timeseries))
)]
pub(crate) async fn timeseries(
    access: Access<ReadCosts>,
    State(costs): State<Arc<Costs>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Answer> {
    let mut params = Params::new(pairs);
    let range = params.range(costs.this_month(&access.organization)?);
    let cost = params.cost();
    let interval = params.read("interval", Interval::Day, Interval::named, "day, week or month");
    let group_by = params.group_by(MOST_COLUMNS, costs.columns());
    let top = params.number("top", TOP, MOST_TOP);
    let filters = params.filters(costs.columns());
    params.finish()?;
    let asked = TimeseriesAsked { range, cost, filters, interval, group_by, top };
    costs.timeseries(&access.org, &asked).await.map(Answer)
}
