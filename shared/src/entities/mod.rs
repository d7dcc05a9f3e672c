//! What the store's documents say, one type per collection.

mod api_key;
mod counters;
mod integration;
mod organization;
mod own_model_prices;
mod saas_subscription;
mod subscription;

pub use self::{
    api_key::{ApiKey, KeyScope},
    counters::Counters,
    integration::{Integration, IntegrationStatus},
    organization::{OrgState, Organization},
    own_model_prices::OwnModelPrices,
    saas_subscription::SaasSubscription,
    subscription::{Limits, Status, Subscription},
};

/// The next version of a ledgered entity: the greater of the last plus one and the time in
/// microseconds, so that versions grow even where clocks differ.
#[must_use]
pub fn next_version(last: i64, now: jiff::Timestamp) -> i64 {
    now.as_microsecond().max(last + 1)
}
