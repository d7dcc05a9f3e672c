//! Opening what the settings name.

use std::sync::Arc;

use anyhow::anyhow;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    Embedded,
    backends::Backends,
    credentials,
    kept::kept,
    runs::{RunsParts, runs},
};
#[cfg(feature = "google")]
use crate::google::Identity;
use crate::{
    auth::Authenticator,
    claims::Claims,
    clock::Clock,
    configs::Configs,
    connections::Connections,
    dead_letters::DeadLetters,
    focus::Model,
    ids::{Ids, RandomIds},
    ledger::Ledger,
    plans::PlanCatalog,
    providers::{Providers, Reach},
    queue::RunMessage,
    runs::{Boot, Budget},
    settings::Settings,
    setup::Bootstrap,
    state::{AppState, BootId, Shutdown},
    store::Store,
    sweep::Sweep,
    tenants::Tenants,
    vault::{Rotation, Vault},
    warehouse::{Warehouse, meter::Meter},
};

/// A state, and what the embedded queue hands over.
pub struct Opened {
    /// What handlers need.
    pub state: AppState,
    /// Messages to deliver to the router; `None` where the queue delivers by itself.
    pub deliveries: Option<UnboundedReceiver<RunMessage>>,
    /// The state's warehouse: whoever runs the process runs it too.
    pub meter: Arc<Meter>,
}

/// What is handed in instead of being opened or made.
pub struct Parts {
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Ids and random bytes.
    pub ids: Arc<dyn Ids>,
    /// How the backends of one machine are opened.
    pub embedded: Embedded,
    /// Put around the store that the settings name.
    pub wrap_store: Wrap<dyn Store>,
    /// Put around the warehouse that the settings name.
    pub wrap_warehouse: Wrap<dyn Warehouse>,
}

/// Takes a backend and gives one that stands before it, or the same.
pub type Wrap<T> = Box<dyn FnOnce(Arc<T>) -> Arc<T> + Send>;

impl Parts {
    /// Time and chance of the machine, and backends as they are.
    #[must_use]
    pub fn real(clock: Arc<dyn Clock>, embedded: Embedded) -> Self {
        let ids = Arc::new(RandomIds::new(clock.clone()));
        let (wrap_store, wrap_warehouse): (Wrap<_>, Wrap<_>) =
            (Box::new(|it| it), Box::new(|it| it));
        Self { clock, ids, embedded, wrap_store, wrap_warehouse }
    }
}

/// Opens every backend that the settings name.
///
/// # Errors
///
/// Fails where a scheme is unknown in this build, a backend refuses, or a key file cannot be
/// read or made.
pub fn open(settings: Arc<Settings>, parts: Parts) -> anyhow::Result<Opened> {
    let Parts { clock, ids, embedded, wrap_store, wrap_warehouse } = parts;
    let backends = Backends {
        settings: &settings,
        embedded,
        ids: ids.clone(),
        #[cfg(feature = "google")]
        identity: Identity::default(),
    };
    let configs = Arc::new(configs(&settings)?);
    let (providers, plans) = offered(&settings, &configs)?;
    let boot = BootId(ids.new_id());
    // One process at a time has the file; a store of many has others at work beside us.
    let alone = backends.embedded.alone && settings.backends.store.scheme == "sqlite";
    let start = Boot { id: boot.0, alone };
    let (store, kms) = (wrap_store(backends.store()?), backends.kms()?);
    let (queue, deliveries) = backends.queue()?;
    let (secrets, issuer) = credentials::open(&settings, &*ids, &clock)?;
    let authenticator = Arc::new(Authenticator::new(secrets, store.clone(), clock.clone()));
    let meter = Meter::new(wrap_warehouse(backends.warehouse()?), clock.clone(), ids.clone());
    let warehouse: Arc<dyn Warehouse> = meter.clone();
    let ledger =
        Ledger::new(store.clone(), warehouse.clone(), clock.clone(), ids.clone(), &configs)
            .map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let model = Arc::new(Model::read(&configs)?);
    let vault = Vault::new(kms, store.clone(), clock.clone(), ids.clone());
    let (vault, ledger) = (Arc::new(vault), Arc::new(ledger));
    let claims = Claims::new(store.clone(), vault.clone(), ledger.clone(), clock.clone(), start);
    let (claims, plans) = (Arc::new(claims), Arc::new(plans));
    let tenants = Arc::new(Tenants {
        env: settings.environment.env,
        clock: clock.clone(),
        ids: ids.clone(),
        configs: configs.clone(),
        plans: plans.clone(),
        store: store.clone(),
        warehouse: warehouse.clone(),
        authenticator: authenticator.clone(),
        vault: vault.clone(),
        ledger: ledger.clone(),
        claims: claims.clone(),
    });
    let providers = Arc::new(providers);
    let (connections, rotation) = repeated(&tenants, &providers);
    let runs = runs(RunsParts {
        configs: &configs,
        model: model.clone(),
        connections: connections.clone(),
        store: store.clone(),
        warehouse: warehouse.clone(),
        files: backends.files()?,
        queue: queue.clone(),
        ledger: ledger.clone(),
        claims: claims.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        boot: start,
        budget: Budget::new(settings.work.timeout, settings.work.is_job),
        imports: backends.imports(),
        upload_bytes: settings.limits.upload_bytes,
    })?;
    let runs = Arc::new(runs);
    let (costs, subscriptions, prices) = kept(&tenants, (&providers, &runs), model);
    let dead_letters = Arc::new(DeadLetters { given_up: backends.given_up()?, runs: runs.clone() });
    let sweep = Sweep {
        runs: runs.clone(),
        ledger: ledger.clone(),
        tenants: tenants.clone(),
        connections,
        dead_letters: dead_letters.clone(),
        rotation,
    };
    let state = AppState {
        sweep: Arc::new(sweep),
        dead_letters,
        runs,
        subscriptions,
        prices,
        env: settings.environment.env,
        boot,
        stop: Shutdown::default(),
        providers,
        plans,
        ledger,
        claims,
        tenants,
        bootstrap: Arc::new(Bootstrap::new(warehouse.clone(), configs.clone())),
        configs,
        warehouse,
        costs,
        vault,
        store,
        queue,
        authenticator,
        issuer,
        settings,
        clock,
        ids,
    };
    Ok(Opened { state, deliveries, meter })
}

/// What is built in, or a folder.
fn configs(settings: &Settings) -> anyhow::Result<Configs> {
    match &settings.configs.folder {
        Some(folder) => Configs::read(folder),
        None => Ok(Configs::embedded()),
    }
}

/// What can be connected, and what organizations pay by.
fn offered(settings: &Settings, configs: &Configs) -> anyhow::Result<(Providers, PlanCatalog)> {
    let told = |mistakes: Vec<String>| anyhow!(mistakes.join("; "));
    let providers = Providers::read(configs).map_err(told)?;
    let reach = Reach::new(settings.sandbox.url.as_deref());
    Ok((providers.reached_by(reach), PlanCatalog::read(configs).map_err(told)?))
}

/// What the sweep comes back to, with what organizations' affairs are done with.
fn repeated(tenants: &Tenants, providers: &Arc<Providers>) -> (Connections, Rotation) {
    let Tenants { clock, ledger, store, vault, .. } = tenants;
    let connections = Connections {
        clock: clock.clone(),
        ledger: ledger.clone(),
        providers: providers.clone(),
        store: store.clone(),
        vault: vault.clone(),
    };
    let rotation = Rotation {
        clock: clock.clone(),
        ledger: ledger.clone(),
        store: store.clone(),
        vault: vault.clone(),
    };
    (connections, rotation)
}
