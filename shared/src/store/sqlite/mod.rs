//! The embedded store: one SQLite file, one process.

mod commit;
mod lock;
mod read;
mod schema;

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::Connection;

use self::lock::Lock;
use super::{Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write};

/// Documents in a SQLite file, which belongs to this process as long as the value lives.
pub struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    _lock: Lock,
}

impl SqliteStore {
    /// Opens the file, or makes it.
    ///
    /// The lock beside the file is taken before anything else, so the process before is dead.
    ///
    /// # Errors
    ///
    /// Fails where another process has it open, saying which, or where the file is none of ours.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let lock = Lock::take(path)?;
        let connection =
            Connection::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        schema::prepare(&connection).with_context(|| format!("cannot use {}", path.display()))?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), _lock: lock })
    }

    /// Works on the connection away from the async threads, one call at a time.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = Arc::clone(&self.connection);
        tokio::task::spawn_blocking(move || {
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await
        .map_err(|error| StoreError::Other(error.into()))?
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        let key = key.clone();
        self.with(move |connection| read::get(connection, key)).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        self.with(move |connection| commit::commit(connection, &writes)).await
    }

    async fn list(&self, query: &List) -> Result<Page, StoreError> {
        let query = query.clone();
        self.with(move |connection| read::list(connection, &query)).await
    }

    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        page: &PageRequest,
    ) -> Result<Page, StoreError> {
        let page = page.clone();
        self.with(move |connection| read::due(connection, collection, until, &page)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.with(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).map_err(failed))
            .await
    }
}

/// What an error of SQLite means to a caller: a busy or full disk may pass, the rest is a bug.
fn failed(error: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, DiskFull, SystemIoFailure};
    let passing = [DatabaseBusy, DatabaseLocked, DiskFull, SystemIoFailure];
    match error.sqlite_error_code() {
        Some(code) if passing.contains(&code) => StoreError::Unavailable(error.into()),
        _ => StoreError::Other(error.into()),
    }
}
