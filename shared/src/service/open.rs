//! Opening what the settings name: the one place that knows backends by their schemes.

use std::sync::Arc;

use anyhow::{anyhow, bail};
use tokio::sync::mpsc::UnboundedReceiver;

use super::credentials;
use crate::{
    auth::Authenticator,
    clock::Clock,
    configs::Configs,
    ids::{Ids, RandomIds},
    ledger::Ledger,
    plans::PlanCatalog,
    providers::Providers,
    queue::{Queue, RunMessage, local},
    settings::{BackendUrl, Settings},
    setup::Bootstrap,
    state::{AppState, BootId, Shutdown},
    store::Store,
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

/// Opens every backend that the settings name.
///
/// # Errors
///
/// Fails where a scheme is unknown in this build, a backend refuses, or a key file cannot be
/// read or made.
pub fn open(settings: Arc<Settings>, clock: Arc<dyn Clock>) -> anyhow::Result<Opened> {
    let ids: Arc<dyn Ids> = Arc::new(RandomIds::new(clock.clone()));
    open_with(settings, clock, ids)
}

/// As [`open`], with ids of the caller's.
///
/// # Errors
///
/// As [`open`].
pub fn open_with(
    settings: Arc<Settings>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
) -> anyhow::Result<Opened> {
    let configs = match &settings.configs.folder {
        Some(folder) => Configs::read(folder)?,
        None => Configs::embedded(),
    };
    let providers = Providers::read(&configs).map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let plans = PlanCatalog::read(&configs).map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let configs = Arc::new(configs);
    let boot = BootId(ids.new_id());
    let store = store(&settings)?;
    let kms = kms(&settings, &ids)?;
    let (queue, deliveries) = queue(&settings.backends.queue)?;
    let (secrets, issuer) = credentials::open(&settings, &*ids, &clock)?;
    let authenticator = Authenticator::new(secrets, store.clone(), clock.clone());
    let meter = Meter::new(warehouse(&settings)?, clock.clone(), ids.clone());
    let warehouse: Arc<dyn Warehouse> = meter.clone();
    let ledger =
        Ledger::new(store.clone(), warehouse.clone(), clock.clone(), ids.clone(), &configs)
            .map_err(|mistakes| anyhow!(mistakes.join("; ")))?;
    let state = AppState {
        env: settings.environment.env,
        boot,
        stop: Shutdown::default(),
        providers: Arc::new(providers),
        plans: Arc::new(plans),
        ledger: Arc::new(ledger),
        bootstrap: Arc::new(Bootstrap::new(warehouse.clone(), configs.clone())),
        configs,
        warehouse,
        vault: Arc::new(Vault::new(kms, store.clone(), clock.clone(), ids.clone())),
        store,
        queue,
        authenticator: Arc::new(authenticator),
        issuer,
        settings,
        clock,
        ids,
    };
    Ok(Opened { state, deliveries: Some(deliveries), meter })
}

#[cfg(feature = "embedded")]
fn warehouse(settings: &Settings) -> anyhow::Result<Arc<dyn Warehouse>> {
    use crate::warehouse::duckdb::{DuckDb, DuckDbOptions};
    let url = &settings.backends.warehouse;
    if url.scheme != "duckdb" {
        bail!(unknown(url, "duckdb"));
    }
    let options = DuckDbOptions {
        path: with_folder(url)?,
        env: settings.environment.env,
        memory_limit: settings.backends.duckdb.memory_limit.clone(),
        threads: settings.backends.duckdb.threads,
    };
    Ok(Arc::new(DuckDb::open(&options)?))
}

#[cfg(not(feature = "embedded"))]
fn warehouse(settings: &Settings) -> anyhow::Result<Arc<dyn Warehouse>> {
    let url = &settings.backends.warehouse;
    if url.scheme != "duckdb" {
        bail!(unknown(url, "duckdb"));
    }
    Ok(Arc::new(crate::warehouse::AbsentWarehouse { url: url.to_string() }))
}

fn store(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    let url = &settings.backends.store;
    if url.scheme != "sqlite" {
        bail!(unknown(url, "sqlite"));
    }
    Ok(Arc::new(crate::store::AbsentStore { url: url.to_string() }))
}

fn kms(settings: &Settings, ids: &Arc<dyn Ids>) -> anyhow::Result<Arc<dyn Kms>> {
    let url = &settings.backends.kms;
    if url.scheme != "file" {
        bail!(unknown(url, "file"));
    }
    Ok(Arc::new(FileKms::open(&url.path(), settings.auth.make_missing, ids.clone())?))
}

fn queue(url: &BackendUrl) -> anyhow::Result<(Arc<dyn Queue>, UnboundedReceiver<RunMessage>)> {
    if url.scheme != "local" {
        bail!(unknown(url, "local"));
    }
    let (queue, deliveries) = local::channel();
    Ok((Arc::new(queue), deliveries))
}

/// The path of an embedded backend, whose folder is made where it is missing.
#[cfg(feature = "embedded")]
fn with_folder(url: &BackendUrl) -> anyhow::Result<std::path::PathBuf> {
    let path = url.path();
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    Ok(path)
}

fn unknown(url: &BackendUrl, known: &str) -> String {
    let BackendUrl { setting, scheme, .. } = url;
    format!("{setting}: this build knows no backend `{scheme}:`; it knows `{known}:`")
}
