//! The whole router of a function: its own routes, and what every function has.

use axum::{Router, extract::DefaultBodyLimit, middleware::from_fn_with_state};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    Error,
    http::layers::identify::{Identify, identify},
    state::AppState,
};

/// What a body may have unless a route says otherwise.
const BODY_LIMIT: usize = 1024 * 1024;

/// Adds to `router` what every function has.
pub fn app(router: OpenApiRouter<AppState>, state: AppState) -> Router {
    let (router, _) = router.split_for_parts();
    let who = Identify { ids: state.ids.clone(), trusted_proxies: 0 };
    router
        .fallback(async || Error::NotFound("there is nothing at this path".to_owned()))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(who, identify))
        .with_state(state)
}
