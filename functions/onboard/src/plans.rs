//! `GET /api/v1/plans`

use std::sync::Arc;

use axum::extract::State;
use convergence::{
    entities::Limits,
    http::{Json, ListBody},
    plans::PlanCatalog,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A plan that organizations can have.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanBody {
    /// Its name.
    name: String,
    /// Whom it is for.
    description: String,
    /// What it allows.
    limits: Limits,
    /// Whether a trial gets it.
    trial: bool,
}

/// The plans and their limits. For anyone.
#[utoipa::path(
    get,
    path = "/api/v1/plans",
    operation_id = "list_plans",
    tag = "onboard",
    responses((status = 200, body = ListBody<PlanBody>))
)]
pub(crate) async fn plans(State(plans): State<Arc<PlanCatalog>>) -> Json<ListBody<PlanBody>> {
    let body = |plan: &convergence::plans::Plan| PlanBody {
        name: plan.name.clone(),
        description: plan.description.clone(),
        limits: plan.limits,
        trial: plan.name == plans.trial().name,
    };
    Json(ListBody::new(plans.all().iter().map(body).collect(), None))
}
