//! `GET /api/v1/scheduler/dead-letters`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::Root,
    dead_letters::{DeadLetter, DeadLetters},
    http::{Json, ListBody, PageQuery},
    org::OrgSlug,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A message that was given up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeadLetterBody {
    /// Its id.
    letter_id: Uuid,
    /// What the queue called it.
    message_id: String,
    /// When it was given up.
    given_up_at: Timestamp,
    /// How often it had been delivered, where that is known.
    deliveries: Option<u32>,
    /// Whose run it announces; null where the message cannot be read.
    #[schema(value_type = Option<String>)]
    org_slug: Option<OrgSlug>,
    /// The run.
    run_id: Option<Uuid>,
    /// Its pipeline.
    pipeline: Option<String>,
    /// The message in base64, where it cannot be read.
    data: Option<String>,
    /// Why it is kept: what the run failed of, or what is wrong with the message.
    reason: String,
}

impl From<DeadLetter> for DeadLetterBody {
    fn from(letter: DeadLetter) -> Self {
        let message = letter.message;
        Self {
            letter_id: letter.letter_id,
            message_id: letter.message_id,
            given_up_at: letter.given_up_at,
            deliveries: letter.deliveries,
            run_id: message.as_ref().map(|message| message.run_id),
            pipeline: message.as_ref().map(|message| message.pipeline.clone()),
            org_slug: message.map(|message| message.org_slug),
            data: letter.data,
            reason: letter.reason,
        }
    }
}

/// What the queue gave up, and why; newest first. A lost delivery is not among it: the sweep
/// publishes it again. Kept for 30 days.
#[utoipa::path(
    get,
    path = "/api/v1/scheduler/dead-letters",
    operation_id = "list_dead_letters",
    tag = "scheduler",
    params(PageQuery),
    security(("root_key" = [])),
    responses((status = 200, body = ListBody<DeadLetterBody>))
)]
pub(crate) async fn dead_letters(
    _: Root,
    State(letters): State<Arc<DeadLetters>>,
    page: PageQuery,
) -> Result<Json<ListBody<DeadLetterBody>>> {
    let (items, next) = letters.list(page.request()?).await?;
    Ok(Json(ListBody::new(items.into_iter().map(DeadLetterBody::from).collect(), next)))
}
