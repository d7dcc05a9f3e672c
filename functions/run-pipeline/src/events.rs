//! `GET /api/v1/pipelines/{org}/runs/{run_id}/events`

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use convergence::{
    Error, Result,
    auth::{Access, Authenticator, permit::ViewRuns},
    http::Path,
    runs::{Run, Runs},
};
use futures::{Stream, stream};
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::body::RunBody;

/// How often the run is looked at. Its document changes at most once a second.
const GLANCE: Duration = Duration::from_millis(500);

/// How often it is looked whether the caller may still see it. Keys are remembered for 20 s, so a
/// revoked one ends the stream within 60 s.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(20);
/// A caller of whom nothing can be known for so long sees no more.
const UNKNOWN: SignedDuration = SignedDuration::from_secs(40);

/// Where a stream of events is.
struct Watch {
    runs: Arc<Runs>,
    guard: Guard,
    run_id: Uuid,
    /// What there is to say of a run that had ended before.
    ended: Option<Run>,
    last: String,
    over: bool,
}

/// Server-sent events: the run, whenever it changed, until it ends.
#[utoipa::path(
    get,
    path = "/api/v1/pipelines/{org}/runs/{run_id}/events",
    operation_id = "run_events",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("run_id" = Uuid, Path, description = "The run")
    ),
    security(("root_key" = []), ("api_key" = [])),
    responses((status = 200, content_type = "text/event-stream", body = RunBody))
)]
pub(crate) async fn events(
    access: Access<ViewRuns>,
    State(runs): State<Arc<Runs>>,
    State(authenticator): State<Arc<Authenticator>>,
    headers: HeaderMap,
    Path((_org, run_id)): Path<(String, Uuid)>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let ended = Some(runs.look(&access.org, run_id).await?).filter(|run| run.status.is_end());
    let looked = runs.clock.now();
    let guard = Guard { access, authenticator, headers, looked };
    let watch = Watch { runs, guard, run_id, ended, last: String::new(), over: false };
    Ok(Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::default()))
}

/// Who watches, and when it was last known that they may.
struct Guard {
    access: Access<ViewRuns>,
    authenticator: Arc<Authenticator>,
    headers: HeaderMap,
    looked: Timestamp,
}

impl Guard {
    async fn lets_in(&mut self, now: Timestamp) -> bool {
        if now.duration_since(self.looked) < LOOK_AGAIN {
            return true;
        }
        match self.access.again(&self.authenticator, &self.headers).await {
            Ok(()) => {
                self.looked = now;
                true
            }
            Err(Error::Unavailable { .. }) => now.duration_since(self.looked) < UNKNOWN,
            Err(_) => false,
        }
    }
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if let Some(run) = watch.ended.take() {
        watch.over = true;
        let text = serde_json::to_string(&RunBody::from(run)).unwrap_or_default();
        return Some((Ok(Event::default().event("end").data(text)), watch));
    }
    while !watch.over && watch.guard.lets_in(watch.runs.clock.now()).await {
        // A store that does not answer now may answer at the next glance.
        if let Ok(Some(held)) = watch.runs.find(&watch.guard.access.org, watch.run_id).await {
            let over = held.value.status.is_end();
            let text = serde_json::to_string(&RunBody::from(held.value)).unwrap_or_default();
            if text != watch.last {
                watch.last.clone_from(&text);
                watch.over = over;
                let name = if over { "end" } else { "progress" };
                return Some((Ok(Event::default().event(name).data(text)), watch));
            }
        }
        tokio::time::sleep(GLANCE).await;
    }
    None
}
