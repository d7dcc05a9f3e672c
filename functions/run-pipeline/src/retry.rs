//! `POST /api/v1/pipelines/{org}/runs/{run_id}/retry`

use std::sync::Arc;

use axum::{extract::State, response::Response};
use convergence::{
    Result,
    auth::{Access, permit::RunPipelines},
    claims::Answer,
    http::{IdempotencyKey, Path, Repeatable},
    runs::{self, Runs},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    run::SubmittedBody,
    submitted::{audited, once},
};

/// Nothing to say.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Makes a new run that does the same again.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/{org}/runs/{run_id}/retry",
    operation_id = "retry_run",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("run_id" = Uuid, Path, description = "The run that has ended"),
        IdempotencyKey
    ),
    security(("root_key" = []), ("api_key" = [])),
    request_body = Nothing,
    responses((status = 202, body = SubmittedBody))
)]
pub(crate) async fn retry(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, run_id)): Path<(String, Uuid)>,
    Repeatable { identity, .. }: Repeatable<Nothing>,
) -> Result<Response> {
    let before = runs.look(&access.org, run_id).await?;
    let plan = runs.plans.get(&before.pipeline)?;
    once(&runs, &access, &identity, async |claim| {
        let (new, actor) = (runs.ids.new_id(), access.caller.actor());
        let mut submission = runs::again((&before, new), &access.organization, plan, &actor)?;
        submission.trace = access.meta.trace.as_ref();
        let body = SubmittedBody::of(new);
        let mut besides = claim.done(StatusCode::ACCEPTED, &body).await?;
        let details = json!({ "pipeline": before.pipeline, "retry_of": run_id });
        besides.push(audited(&runs, &access, "run.retry", (format!("runs/{new}"), details))?);
        runs.submit(&submission, &besides).await?;
        Ok(Answer::new(StatusCode::ACCEPTED, &body)?)
    })
    .await
}
