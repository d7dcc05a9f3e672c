//! `GET /api/v1/validator/pipelines`

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::State;
use convergence::{
    http::{Json, ListBody},
    pipeline::Plan,
    runs::Runs,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PipelineBody {
    /// Its name in paths: `{provider}/{domain}/{pipeline}`.
    pipeline: String,
    /// What it does.
    description: String,
    /// Whose costs it brings.
    provider: String,
    /// What a request hands in: types by name.
    parameters: BTreeMap<String, &'static str>,
    /// When it runs by itself, for those who subscribe to it.
    schedule: Option<ScheduleBody>,
    /// The most that one run covers; longer ranges are split.
    window: Option<WindowBody>,
    /// What it does, in order.
    steps: Vec<StepBody>,
}

/// When a pipeline runs by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleBody {
    /// Minute, hour, day, month, weekday.
    cron: String,
    /// How many days before today it reads again.
    lookback_days: u16,
}

/// The most that one run covers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WindowBody {
    /// `day` or `month`.
    unit: &'static str,
    /// How many.
    max: u16,
}

/// A step of a pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepBody {
    /// Its id.
    id: String,
    /// What does its work.
    processor: &'static str,
    /// The table it writes.
    table: Option<String>,
    /// The steps that must be done before.
    needs: Vec<String>,
}

/// Every pipeline there is. For anyone.
#[utoipa::path(
    get,
    path = "/api/v1/validator/pipelines",
    operation_id = "list_pipelines",
    tag = "run-pipeline",
    responses((status = 200, body = ListBody<PipelineBody>))
)]
pub(crate) async fn pipelines(State(runs): State<Arc<Runs>>) -> Json<ListBody<PipelineBody>> {
    Json(ListBody::new(runs.plans.iter().map(PipelineBody::from).collect(), None))
}

impl From<&Plan> for PipelineBody {
    fn from(plan: &Plan) -> Self {
        let id = |at: &usize| plan.steps[*at].id.clone();
        let steps = plan.steps.iter().map(|step| StepBody {
            id: step.id.clone(),
            processor: step.processor.name(),
            table: step.processor.table().map(str::to_owned),
            needs: step.needs.iter().map(id).collect(),
        });
        Self {
            pipeline: plan.name.as_str().to_owned(),
            description: plan.description.clone(),
            provider: plan.provider.clone(),
            parameters: plan.parameters.iter().map(|(n, t)| (n.clone(), t.as_str())).collect(),
            schedule: plan.schedule.as_ref().map(|schedule| ScheduleBody {
                cron: schedule.cron.clone(),
                lookback_days: schedule.lookback_days,
            }),
            window: plan
                .window
                .map(|window| WindowBody { unit: window.unit.as_str(), max: window.max }),
            steps: steps.collect(),
        }
    }
}
