//! SaaS subscriptions: one route per file.

mod change;
mod create;
mod forget;
mod list;
mod products;

pub(crate) use self::{change::*, create::*, forget::*, list::*, products::*};

use serde::Deserialize;
use utoipa::IntoParams;

/// The path parameters of the routes of one subscription.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SubscriptionPath {
    /// The organization; [`convergence::auth::Access`] has checked it.
    #[serde(rename = "org")]
    #[param(rename = "org")]
    _org: String,
    /// A provider of `GET /api/v1/providers`.
    provider: String,
    /// The subscription.
    subscription_id: String,
}

impl SubscriptionPath {
    /// Which subscription.
    fn which(&self) -> (&str, &str) {
        (&self.provider, &self.subscription_id)
    }
}
