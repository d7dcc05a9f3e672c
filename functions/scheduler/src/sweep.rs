//! `POST /internal/scheduler/sweep`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    audit::By,
    auth::RootOrService,
    http::{Json, RequestMeta},
    sweep::{Sweep, Swept},
};

/// Publishes what is due, appends what the outbox holds, ends dead leases, undoes what was begun
/// and never ended. One at a time; what is left for the next is said.
#[utoipa::path(
    post,
    path = "/internal/scheduler/sweep",
    tag = "scheduler",
    security(("root_key" = []), ("oidc" = [])),
    responses((status = 200, body = Swept))
)]
pub(crate) async fn sweep(
    who: RootOrService,
    meta: RequestMeta,
    State(sweep): State<Arc<Sweep>>,
) -> Result<Json<Swept>> {
    let by = By { caller: &who.caller, meta: &meta };
    Ok(Json(sweep.once(by).await?))
}
