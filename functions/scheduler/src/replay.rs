//! `POST /api/v1/scheduler/dead-letters/{letter_id}/replay`

use std::sync::Arc;

use axum::{extract::State, response::Response};
use convergence::{
    Result,
    audit::By,
    auth::Root,
    claims::Answer,
    dead_letters::DeadLetters,
    http::{IdempotencyKey, Path, Repeatable},
    runs::RunStatus,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplayRequest {}

/// A run that tries again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayedBody {
    /// Its id: that of the run itself where it still waits, else of a new one.
    run_id: Uuid,
    /// `PENDING`.
    status: RunStatus,
}

/// Tries again what was given up, and lets go of the letter. A run that has ended is done anew, as
/// by a retry: it counts against the limits of its organization.
#[utoipa::path(
    post,
    path = "/api/v1/scheduler/dead-letters/{letter_id}/replay",
    operation_id = "replay_dead_letter",
    tag = "scheduler",
    params(("letter_id" = Uuid, Path, description = "The letter"), IdempotencyKey),
    security(("root_key" = [])),
    request_body = ReplayRequest,
    responses((status = 202, body = ReplayedBody))
)]
pub(crate) async fn replay(
    root: Root,
    State(letters): State<Arc<DeadLetters>>,
    Path(letter_id): Path<Uuid>,
    Repeatable { identity, .. }: Repeatable<ReplayRequest>,
) -> Result<Response> {
    let by = By { caller: &root.caller, meta: &root.meta };
    let claims = &letters.runs.claims;
    claims
        .once(&root.caller, &identity, async |claim| {
            let replay = letters.replay(letter_id).await?;
            let body = ReplayedBody { run_id: replay.run_id, status: RunStatus::Pending };
            let besides = claim.done(StatusCode::ACCEPTED, &body).await?;
            letters.send_again(&replay, by, besides).await?;
            Ok(Answer::new(StatusCode::ACCEPTED, &body)?)
        })
        .await
}
