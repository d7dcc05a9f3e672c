//! `GET /api/v1/costs/{org}/quality`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::ReadCosts},
    costs::{Costs, Quality, QualityAsked},
    http::Query,
};

use crate::{
    answer::Answer,
    params::{Params, RangeParams},
};

/// How fresh each source is, which rows could not be used, and which checks failed.
#[utoipa::path(
    get,
    path = "/api/v1/costs/{org}/quality",
    tag = "costs",
    params(("org" = String, Path, description = "The organization"), RangeParams),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, body = Quality))
)]
pub(crate) async fn quality(
    access: Access<ReadCosts>,
    State(costs): State<Arc<Costs>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Answer> {
    let mut params = Params::new(pairs);
    let range = params.range(costs.this_month(&access.organization)?);
    params.finish()?;
    costs.quality(&access.org, &QualityAsked { range }).await.map(Answer)
}
