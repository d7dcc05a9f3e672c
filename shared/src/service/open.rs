//! Opening what the settings name: the one place that knows backends by their schemes.

use std::sync::Arc;

use anyhow::{anyhow, ensure};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    Embedded, credentials,
    runs::{RunsParts, runs},
};
use crate::{
    auth::Authenticator,
    claims::Claims,
    clock::Clock,
    configs::Configs,
    costs::Costs,
    focus::Model,
    ids::{Ids, RandomIds},
    ledger::Ledger,
    plans::PlanCatalog,
    providers::Providers,
    queue::{Queue, RunMessage, local},
    runs::Boot,
    settings::{BackendUrl, Settings},
    setup::Bootstrap,
    state::{AppState, BootId, Shutdown},
    store::Store,
    sweep::Sweep,
    tenants::Tenants,
    vault::{FileKms, Kms, Vault},
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
    known(&settings.backends.store, "sqlite")?;
    known(&settings.backends.warehouse, "duckdb")?;
    known(&settings.backends.files, "file")?;
    let configs = match &settings.configs.folder {
        Some(folder) => Configs::read(folder)?,
        None => Configs::embedded(),
    };
    let providers = Providers::read(&configs).map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let plans = PlanCatalog::read(&configs).map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let configs = Arc::new(configs);
    let boot = BootId(ids.new_id());
    let store = wrap_store((embedded.store)(&settings)?);
    let kms = kms(&settings, &ids)?;
    let (queue, deliveries) = queue(&settings.backends.queue)?;
    let (secrets, issuer) = credentials::open(&settings, &*ids, &clock)?;
    let authenticator = Arc::new(Authenticator::new(secrets, store.clone(), clock.clone()));
    let meter =
        Meter::new(wrap_warehouse((embedded.warehouse)(&settings)?), clock.clone(), ids.clone());
    let warehouse: Arc<dyn Warehouse> = meter.clone();
    let ledger =
        Ledger::new(store.clone(), warehouse.clone(), clock.clone(), ids.clone(), &configs)
            .map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let model = Arc::new(Model::read(&configs)?);
    let costs = Costs::new(warehouse.clone(), store.clone(), clock.clone(), model.clone());
    let vault = Arc::new(Vault::new(kms, store.clone(), clock.clone(), ids.clone()));
    let ledger = Arc::new(ledger);
    let claims = Claims::new(store.clone(), vault.clone(), ledger.clone(), clock.clone());
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
    let runs = runs(RunsParts {
        configs: &configs,
        model,
        store: store.clone(),
        warehouse: warehouse.clone(),
        files: (embedded.files)(&settings, ids.clone())?,
        queue: queue.clone(),
        ledger: ledger.clone(),
        claims: claims.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        boot: Boot { id: boot.0, alone: embedded.alone },
    })?;
    let runs = Arc::new(runs);
    let state = AppState {
        sweep: Arc::new(Sweep {
            runs: runs.clone(),
            ledger: ledger.clone(),
            tenants: tenants.clone(),
        }),
        runs,
        env: settings.environment.env,
        boot,
        stop: Shutdown::default(),
        providers: Arc::new(providers),
        plans,
        ledger,
        claims,
        tenants,
        bootstrap: Arc::new(Bootstrap::new(warehouse.clone(), configs.clone())),
        configs,
        warehouse,
        costs: Arc::new(costs),
        vault,
        store,
        queue,
        authenticator,
        issuer,
        settings,
        clock,
        ids,
    };
    Ok(Opened { state, deliveries: Some(deliveries), meter })
}

fn kms(settings: &Settings, ids: &Arc<dyn Ids>) -> anyhow::Result<Arc<dyn Kms>> {
    let url = known(&settings.backends.kms, "file")?;
    Ok(Arc::new(FileKms::open(&url.path(), settings.auth.make_missing, ids.clone())?))
}

fn queue(url: &BackendUrl) -> anyhow::Result<(Arc<dyn Queue>, UnboundedReceiver<RunMessage>)> {
    known(url, "local")?;
    let (queue, deliveries) = local::channel();
    Ok((Arc::new(queue), deliveries))
}

/// The URL, if its scheme is the one that this build knows.
fn known<'a>(url: &'a BackendUrl, known: &str) -> anyhow::Result<&'a BackendUrl> {
    let BackendUrl { setting, scheme, .. } = url;
    ensure!(
        scheme == known,
        "{setting}: this build knows no backend `{scheme}:`; it knows `{known}:`"
    );
    Ok(url)
}
