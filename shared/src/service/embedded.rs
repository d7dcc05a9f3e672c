//! The backends of one machine: handed in by the command and by tests, never by a function alone.

use std::sync::Arc;

use crate::{files::Files, ids::Ids, settings::Settings, store::Store, warehouse::Warehouse};

/// Opens the files that settings name.
type OpenFiles = fn(&Settings, Arc<dyn Ids>) -> anyhow::Result<Arc<dyn Files>>;

/// How the embedded store, warehouse and files are opened.
#[derive(Clone, Copy)]
pub struct Embedded {
    /// Opens the store.
    pub(super) store: fn(&Settings) -> anyhow::Result<Arc<dyn Store>>,
    /// Opens the warehouse.
    pub(super) warehouse: fn(&Settings) -> anyhow::Result<Arc<dyn Warehouse>>,
    /// Opens the files.
    pub(super) files: OpenFiles,
    /// Whether they belong to one process: whoever had them before is dead.
    pub(super) alone: bool,
}

impl Embedded {
    /// None: whatever is asked of them is refused, with what to run instead. A function for Google
    /// Cloud answers this on the settings of one machine, whatever it was compiled with.
    #[must_use]
    pub fn absent() -> Self {
        use crate::{files::AbsentFiles, store::AbsentStore, warehouse::AbsentWarehouse};
        Self {
            store: |settings| {
                Ok(Arc::new(AbsentStore { url: settings.backends.store.to_string() }))
            },
            warehouse: |settings| {
                Ok(Arc::new(AbsentWarehouse { url: settings.backends.warehouse.to_string() }))
            },
            files: |settings, _| {
                Ok(Arc::new(AbsentFiles { url: settings.backends.files.to_string() }))
            },
            alone: false,
        }
    }

    /// SQLite, DuckDB and a folder.
    #[cfg(feature = "embedded")]
    #[must_use]
    pub fn files() -> Self {
        Self { store, warehouse, files, alone: true }
    }
}

#[cfg(feature = "embedded")]
fn store(settings: &Settings) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(crate::store::sqlite::SqliteStore::open(&settings.backends.store.path())?))
}

#[cfg(feature = "embedded")]
fn warehouse(settings: &Settings) -> anyhow::Result<Arc<dyn Warehouse>> {
    use crate::warehouse::duckdb::{DuckDb, DuckDbOptions};
    let path = settings.backends.warehouse.path();
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        crate::settings::keyfile::private_folder(folder)?;
    }
    let options = DuckDbOptions {
        path,
        env: settings.environment.env,
        memory_limit: settings.backends.duckdb.memory_limit.clone(),
        threads: settings.backends.duckdb.threads,
    };
    Ok(Arc::new(DuckDb::open(&options)?))
}

#[cfg(feature = "embedded")]
fn files(settings: &Settings, ids: Arc<dyn Ids>) -> anyhow::Result<Arc<dyn Files>> {
    Ok(Arc::new(crate::files::Folder::open(&settings.backends.files.path(), ids)?))
}
