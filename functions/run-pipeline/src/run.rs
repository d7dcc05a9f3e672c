//! `POST /api/v1/pipelines/run/{org}/{provider}/{domain}/{pipeline}`, and without a domain

use std::sync::Arc;

use axum::{extract::State, response::Response};
use convergence::{
    Result,
    auth::{Access, permit::RunPipelines},
    claims::Answer,
    http::{IdempotencyKey, Identity, Path, Repeatable},
    pipeline::plan::PipelineName,
    runs::{self, RunRequest, RunStatus, Runs, Submission, slots},
};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    same_machine::SameMachine,
    submitted::{audited, once},
};

/// A run that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubmittedBody {
    /// Its id.
    run_id: Uuid,
    /// `PENDING`.
    status: RunStatus,
}

impl SubmittedBody {
    /// Of a run that nobody has taken yet.
    pub(crate) fn of(run_id: Uuid) -> Self {
        Self { run_id, status: RunStatus::Pending }
    }
}

/// Runs a pipeline: for days, or with a file. A long range becomes a backfill.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/run/{org}/{provider}/{domain}/{pipeline}",
    operation_id = "run_pipeline",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("provider" = String, Path, description = "Who sends the bill"),
        ("domain" = String, Path, description = "What part of the provider"),
        ("pipeline" = String, Path, description = "The pipeline"),
        IdempotencyKey
    ),
    security(("root_key" = []), ("api_key" = [])),
    request_body = RunRequest,
    responses((status = 202, body = SubmittedBody))
)]
pub(crate) async fn run(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, provider, domain, pipeline)): Path<(String, String, String, String)>,
    SameMachine(same_machine): SameMachine,
    Repeatable { value, identity }: Repeatable<RunRequest>,
) -> Result<Response> {
    let name = PipelineName::new(format!("{provider}/{domain}/{pipeline}"));
    let request = Request { name, value, same_machine };
    submit(&access, &runs, &identity, &request).await
}

/// Runs a pipeline whose domain is empty.
#[utoipa::path(
    post,
    path = "/api/v1/pipelines/run/{org}/{provider}/{pipeline}",
    operation_id = "run_pipeline_without_domain",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("provider" = String, Path, description = "Who sends the bill"),
        ("pipeline" = String, Path, description = "The pipeline"),
        IdempotencyKey
    ),
    security(("root_key" = []), ("api_key" = [])),
    request_body = RunRequest,
    responses((status = 202, body = SubmittedBody))
)]
pub(crate) async fn run_without_domain(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, provider, pipeline)): Path<(String, String, String)>,
    SameMachine(same_machine): SameMachine,
    Repeatable { value, identity }: Repeatable<RunRequest>,
) -> Result<Response> {
    let name = PipelineName::new(format!("{provider}/{pipeline}"));
    let request = Request { name, value, same_machine };
    submit(&access, &runs, &identity, &request).await
}

struct Request {
    name: PipelineName,
    value: RunRequest,
    same_machine: bool,
}

async fn submit(
    access: &Access<RunPipelines>,
    runs: &Runs,
    identity: &Identity,
    request: &Request,
) -> Result<Response> {
    let plan = runs.plans.get(&request.name)?;
    let today = slots::today(&access.organization, runs.clock.now());
    let asked = runs::check(plan, &request.value, today)?;
    once(runs, access, identity, async |claim| {
        let input = match &asked.input {
            Some(uri) => {
                let of = (&access.org, &asked.source);
                Some(runs.find_input(of, uri, request.same_machine).await?)
            }
            None => None,
        };
        let (run_id, actor) = (runs.ids.new_id(), access.caller.actor());
        let details = json!({ "pipeline": request.name, "source": asked.source });
        let submission = Submission {
            run_id,
            organization: &access.organization,
            plan,
            asked,
            input,
            actor: &actor,
            retry_of: None,
            trace: access.meta.trace.as_ref(),
        };
        let body = SubmittedBody::of(run_id);
        let mut besides = claim.done(StatusCode::ACCEPTED, &body).await?;
        besides.push(audited(runs, access, "run.submit", (format!("runs/{run_id}"), details))?);
        runs.submit(&submission, &besides).await?;
        Ok(Answer::new(StatusCode::ACCEPTED, &body)?)
    })
    .await
}
