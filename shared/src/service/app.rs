//! The whole router of a function: its own routes, and what every function has.

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use http::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName},
};
use tower_http::cors::CorsLayer;
use utoipa_axum::router::OpenApiRouter;

use super::{health, openapi};
use crate::{
    Error,
    http::layers::{
        headers,
        identify::{Identify, identify},
        limit_time, panics,
        rate::{self, Rate},
    },
    settings::Settings,
    state::AppState,
};

/// What a body may have unless a route says otherwise.
const BODY_LIMIT: usize = 1024 * 1024;

/// Adds to `router` what every function has: health, its document, refusals, limits, headers.
pub fn app(router: OpenApiRouter<AppState>, state: AppState) -> Router {
    let (router, document) = openapi::complete(router.merge(health::router()));
    let router = router
        .route(openapi::PATH, get(async move || openapi::answer(&document)))
        .fallback(async || Error::NotFound("there is nothing at this path".to_owned()))
        .method_not_allowed_fallback(async || Error::MethodNotAllowed);
    layers(router, &state).with_state(state)
}

/// The innermost stands first.
fn layers(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let Settings { server, limits, .. } = &*state.settings;
    let who = Identify { ids: state.ids.clone(), trusted_proxies: server.trusted_proxies };
    let router = router
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(server.timeout, limit_time))
        // Within what adds headers: a panic's answer has them too.
        .layer(from_fn(panics::catch));
    let router = match limits.rate {
        Some(limit) => router.layer(from_fn_with_state(Arc::new(Rate::new(limit)), rate::limit)),
        None => router,
    };
    let router = if server.cors_origins.is_empty() { router } else { router.layer(cors(state)) };
    router
        .layer(from_fn_with_state(server.hsts, headers::secure))
        .layer(from_fn_with_state(who, identify))
}

fn cors(state: &AppState) -> CorsLayer {
    let header = HeaderName::from_static;
    let asked = ["idempotency-key", "traceparent", crate::auth::API_KEY].map(header);
    let told = [
        "x-request-id",
        "retry-after",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
    ];
    CorsLayer::new()
        .allow_origin(state.settings.server.cors_origins.clone())
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE].into_iter().chain(asked).collect::<Vec<_>>())
        .expose_headers(told.map(header))
}
