//! `GET /api/v1/pipelines/{org}/runs/{run_id}/events`

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use convergence::{
    Result,
    auth::{Access, permit::ViewRuns},
    http::Path,
    org::OrgSlug,
    runs::{Run, Runs},
};
use futures::{Stream, stream};
use uuid::Uuid;

use crate::body::RunBody;

/// How often the run is looked at. Its document changes at most once a second.
const GLANCE: Duration = Duration::from_millis(500);

/// Where a stream of events is.
struct Watch {
    runs: Arc<Runs>,
    org: OrgSlug,
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
    Path((_org, run_id)): Path<(String, Uuid)>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let ended = Some(runs.look(&access.org, run_id).await?).filter(|run| run.status.is_end());
    let watch = Watch { runs, org: access.org, run_id, ended, last: String::new(), over: false };
    Ok(Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::default()))
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    if let Some(run) = watch.ended.take() {
        watch.over = true;
        let text = serde_json::to_string(&RunBody::from(run)).unwrap_or_default();
        return Some((Ok(Event::default().event("end").data(text)), watch));
    }
    while !watch.over {
        // A store that does not answer now may answer at the next glance.
        if let Ok(Some(held)) = watch.runs.find(&watch.org, watch.run_id).await {
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
