//! `POST /api/v1/validator/pipelines/{org}/{provider}/{domain}/{pipeline}`, and without a domain

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    Result,
    auth::{Access, permit::RunPipelines},
    http::{Json, Path},
    pipeline::plan::PipelineName,
    runs::{self, RunRequest, Runs, slots},
};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::same_machine::SameMachine;

/// What a run would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckBody {
    /// What it would execute.
    pipeline: String,
    /// Whose rows it would replace.
    source: String,
    /// The first day it would cover; null for files.
    start_date: Option<Date>,
    /// The last day it would cover, included.
    end_date: Option<Date>,
    /// How many runs the range would be split into.
    runs: usize,
}

/// Everything that a run would check, without running.
#[utoipa::path(
    post,
    path = "/api/v1/validator/pipelines/{org}/{provider}/{domain}/{pipeline}",
    operation_id = "check_pipeline",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("provider" = String, Path, description = "Who sends the bill"),
        ("domain" = String, Path, description = "What part of the provider"),
        ("pipeline" = String, Path, description = "The pipeline")
    ),
    security(("root_key" = []), ("api_key" = [])),
    request_body = RunRequest,
    responses((status = 200, body = CheckBody))
)]
pub(crate) async fn check(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, provider, domain, pipeline)): Path<(String, String, String, String)>,
    SameMachine(same_machine): SameMachine,
    Json(request): Json<RunRequest>,
) -> Result<Json<CheckBody>> {
    let name = PipelineName::new(format!("{provider}/{domain}/{pipeline}"));
    checked(&access, &runs, &name, (&request, same_machine)).await
}

/// The same for a pipeline whose domain is empty.
#[utoipa::path(
    post,
    path = "/api/v1/validator/pipelines/{org}/{provider}/{pipeline}",
    operation_id = "check_pipeline_without_domain",
    tag = "run-pipeline",
    params(
        ("org" = String, Path, description = "The organization"),
        ("provider" = String, Path, description = "Who sends the bill"),
        ("pipeline" = String, Path, description = "The pipeline")
    ),
    security(("root_key" = []), ("api_key" = [])),
    request_body = RunRequest,
    responses((status = 200, body = CheckBody))
)]
pub(crate) async fn check_without_domain(
    access: Access<RunPipelines>,
    State(runs): State<Arc<Runs>>,
    Path((_org, provider, pipeline)): Path<(String, String, String)>,
    SameMachine(same_machine): SameMachine,
    Json(request): Json<RunRequest>,
) -> Result<Json<CheckBody>> {
    let name = PipelineName::new(format!("{provider}/{pipeline}"));
    checked(&access, &runs, &name, (&request, same_machine)).await
}

async fn checked(
    access: &Access<RunPipelines>,
    runs: &Runs,
    name: &PipelineName,
    (request, same_machine): (&RunRequest, bool),
) -> Result<Json<CheckBody>> {
    let plan = runs.plans.get(name)?;
    let now = runs.clock.now();
    let asked = runs::check(plan, request, slots::today(&access.organization, now))?;
    if let Some(uri) = &asked.input {
        runs.find_input((&access.org, &asked.source), uri, same_machine).await?;
    }
    runs.may_submit(&access.organization, plan, &asked).await?;
    Ok(Json(CheckBody {
        pipeline: name.as_str().to_owned(),
        source: asked.source.as_str().to_owned(),
        start_date: asked.window.map(|window| window.start),
        end_date: asked.window.map(|window| window.end),
        runs: asked.windows(plan).len().max(1),
    }))
}
