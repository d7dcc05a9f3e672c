//! `POST /internal/pubsub/pipeline-runs`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    auth::Service,
    queue::{JobError, Push},
    runs::Runs,
    state::Shutdown,
};
use http::StatusCode;
use tracing::Instrument as _;

/// Executes one queued run. What is not to be executed now is acknowledged too.
#[utoipa::path(
    post,
    path = "/internal/pubsub/pipeline-runs",
    operation_id = "push_run",
    tag = "run-pipeline",
    security(("oidc" = [])),
    request_body(content = Object, description = "A Pub/Sub push envelope; or a CloudEvent around it, binary or structured"),
    responses((status = 204, description = "The message is done with"))
)]
pub(crate) async fn push(
    _: Service,
    State(runs): State<Arc<Runs>>,
    State(shutdown): State<Shutdown>,
    push: Push,
) -> Result<StatusCode, JobError> {
    runs.deliver(&push.message, &shutdown.0).instrument(push.message.span()).await?;
    Ok(StatusCode::NO_CONTENT)
}
