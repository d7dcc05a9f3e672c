//! Organizations: coming in, profile, plan, keys, audit log. And the plans there are.

mod api_keys;
mod audit;
mod organizations;
mod plans;
mod subscription;

use std::sync::Arc;

use axum::extract::FromRef;
use convergence::{auth::Authenticator, plans::PlanCatalog, tenants::Tenants};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Authenticator>: FromRef<S>,
    Arc<PlanCatalog>: FromRef<S>,
    Arc<Tenants>: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(plans::plans))
        .routes(routes!(organizations::list::list))
        .routes(routes!(organizations::dry_run::dry_run))
        .routes(routes!(organizations::onboard::onboard))
        .routes(routes!(organizations::view::view, organizations::update::update))
        .routes(routes!(subscription::set))
        .routes(routes!(api_keys::list::list, api_keys::create::create))
        .routes(routes!(api_keys::revoke::revoke))
        .routes(routes!(api_keys::rotate::rotate))
        .routes(routes!(audit::audit))
}
