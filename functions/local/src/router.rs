//! Every function's routes, in one router.

use convergence::{service, state::AppState};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The routes of every function.
#[must_use]
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(bootstrap::router())
        .merge(costs::router())
        .merge(integrations::router())
        .merge(onboard::router())
        .merge(run_pipeline::router())
        .merge(scheduler::router())
}

/// The OpenAPI document of every function together.
#[must_use]
pub fn openapi() -> OpenApi {
    service::document(router())
}
