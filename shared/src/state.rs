//! What every function is built with.

use std::sync::Arc;

use axum::extract::FromRef;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    auth::{Authenticator, oidc::LocalIssuer},
    claims::Claims,
    clock::Clock,
    configs::Configs,
    costs::Costs,
    dead_letters::DeadLetters,
    ids::Ids,
    ledger::Ledger,
    org::Env,
    plans::PlanCatalog,
    pricing::Prices,
    providers::Providers,
    queue::Queue,
    runs::Runs,
    saas::Subscriptions,
    settings::Settings,
    setup::Bootstrap,
    store::Store,
    sweep::Sweep,
    tenants::Tenants,
    vault::Vault,
    warehouse::Warehouse,
};

/// Handles on everything a handler may need. Cheap to clone.
///
/// A router does not name this type: it lists the parts it needs as [`FromRef`] bounds, so its
/// signature says what the function can touch.
#[derive(Clone)]
pub struct AppState {
    /// What was set from outside. Handlers see single capabilities, never this.
    pub settings: Arc<Settings>,
    /// Says when the process is to stop.
    pub stop: Shutdown,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Ids and random bytes.
    pub ids: Arc<dyn Ids>,
    /// Which deployment this is.
    pub env: Env,
    /// Which start of the process this is.
    pub boot: BootId,
    /// The files of `configs/`.
    pub configs: Arc<Configs>,
    /// What can be connected.
    pub providers: Arc<Providers>,
    /// What organizations can have.
    pub plans: Arc<PlanCatalog>,
    /// Answers questions about costs.
    pub costs: Arc<Costs>,
    /// Operational state.
    pub store: Arc<dyn Store>,
    /// Organizations' tables.
    pub warehouse: Arc<dyn Warehouse>,
    /// Lets a request that is sent again have one effect.
    pub claims: Arc<Claims>,
    /// Seals and opens secrets.
    pub vault: Arc<Vault>,
    /// What was: rows on their way to the deployment's tables.
    pub ledger: Arc<Ledger>,
    /// Makes the deployment's own tables.
    pub bootstrap: Arc<Bootstrap>,
    /// Organizations' own affairs.
    pub tenants: Arc<Tenants>,
    /// Submits, executes and ends runs.
    pub runs: Arc<Runs>,
    /// SaaS subscriptions that organizations pay.
    pub subscriptions: Arc<Subscriptions>,
    /// What models cost, as shipped and as organizations agreed.
    pub prices: Arc<Prices>,
    /// Comes back to what was left to be done.
    pub sweep: Arc<Sweep>,
    /// What the queue gave up.
    pub dead_letters: Arc<DeadLetters>,
    /// Where runs are announced.
    pub queue: Arc<dyn Queue>,
    /// Checks credentials.
    pub authenticator: Arc<Authenticator>,
    /// Signs the deliveries of an embedded queue.
    pub issuer: Option<Arc<LocalIssuer>>,
}

/// One start of the process. Leases of other starts of an embedded server are dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootId(pub Uuid);

/// Cancelled when the process is to stop: work under way then ends at its next safe point.
#[derive(Debug, Clone, Default)]
pub struct Shutdown(pub CancellationToken);

macro_rules! capabilities {
    ($($field:ident: $capability:ty),+ $(,)?) => {$(
        impl FromRef<AppState> for $capability {
            fn from_ref(state: &AppState) -> Self {
                state.$field.clone()
            }
        }
    )+};
}

capabilities! {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    env: Env,
    boot: BootId,
    stop: Shutdown,
    configs: Arc<Configs>,
    providers: Arc<Providers>,
    plans: Arc<PlanCatalog>,
    costs: Arc<Costs>,
    store: Arc<dyn Store>,
    warehouse: Arc<dyn Warehouse>,
    claims: Arc<Claims>,
    vault: Arc<Vault>,
    ledger: Arc<Ledger>,
    bootstrap: Arc<Bootstrap>,
    tenants: Arc<Tenants>,
    runs: Arc<Runs>,
    subscriptions: Arc<Subscriptions>,
    prices: Arc<Prices>,
    sweep: Arc<Sweep>,
    dead_letters: Arc<DeadLetters>,
    queue: Arc<dyn Queue>,
    authenticator: Arc<Authenticator>,
    issuer: Option<Arc<LocalIssuer>>,
}
