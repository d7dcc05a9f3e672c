//! Connections to providers: set up, validated, shown and forgotten. Credentials go in and never
//! come out.

mod body;
mod connect;
mod delete;
mod desk;
mod fingerprint;
mod get;
mod list;
mod machine;
mod pricing;
mod providers;
mod setup;
mod subscriptions;
mod validate;

use std::sync::Arc;

use axum::extract::FromRef;
use convergence::{
    auth::Authenticator, claims::Claims, clock::Clock, ids::Ids, ledger::Ledger, pricing::Prices,
    providers::Providers, saas::Subscriptions, state::BootId, store::Store, vault::Vault,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this function.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Authenticator>: FromRef<S>,
    Arc<Claims>: FromRef<S>,
    Arc<Ledger>: FromRef<S>,
    Arc<Prices>: FromRef<S>,
    Arc<Providers>: FromRef<S>,
    Arc<Subscriptions>: FromRef<S>,
    Arc<Vault>: FromRef<S>,
    Arc<dyn Clock>: FromRef<S>,
    Arc<dyn Ids>: FromRef<S>,
    Arc<dyn Store>: FromRef<S>,
    BootId: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(providers::providers))
        .routes(routes!(list::list))
        .routes(routes!(get::get, delete::delete))
        .routes(routes!(setup::setup))
        .routes(routes!(validate::validate))
        .routes(routes!(pricing::list_prices, pricing::add_prices))
        .routes(routes!(pricing::replace_prices, pricing::forget_prices))
        .routes(routes!(subscriptions::saas_products))
        .routes(routes!(subscriptions::list_subscriptions, subscriptions::create_subscription))
        .routes(routes!(subscriptions::change_subscription, subscriptions::forget_subscription))
}
