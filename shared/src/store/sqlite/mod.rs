//! The embedded store: one SQLite file, one process.

mod commit;
mod lock;
mod page;
mod read;
mod schema;

use std::{
    fmt,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Context as _;
use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use self::lock::Lock;
use super::{Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write};
use crate::settings::keyfile::private_folder;

/// How many statements a connection keeps prepared: more than there are.
const STATEMENTS: usize = 64;

/// Documents in a SQLite file, which belongs to this process as long as the value lives.
pub struct SqliteStore {
    files: Arc<Files>,
}

/// The connections, and last the lock: it is let go of when nothing is open any more.
struct Files {
    writer: Mutex<Connection>,
    /// Reads wait for no commit to reach the disk; they see all that was answered before.
    reader: Mutex<Connection>,
    _lock: Lock,
}

impl SqliteStore {
    /// Opens the file, or makes it, for its owner's eyes only.
    ///
    /// The lock beside the file is taken before anything else, so the process before is dead.
    ///
    /// # Errors
    ///
    /// Fails where another process has it open, saying which, or where the file is none of ours.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            private_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let lock = Lock::take(path)?;
        let connect = || {
            lock::private_file(path)?;
            let writer = Connection::open(path)?;
            schema::prepare(&writer)?;
            let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let reader = Connection::open_with_flags(path, read_only)?;
            for connection in [&writer, &reader] {
                connection.set_prepared_statement_cache_capacity(STATEMENTS);
            }
            anyhow::Ok((Mutex::new(writer), Mutex::new(reader)))
        };
        let (writer, reader) =
            connect().with_context(|| format!("cannot use {}", path.display()))?;
        Ok(Self { files: Arc::new(Files { writer, reader, _lock: lock }) })
    }

    /// How SQLite would find a list, a line for each step: for whoever wonders why one is slow.
    ///
    /// # Errors
    ///
    /// As [`Store::list`].
    pub async fn explain(&self, query: &List) -> Result<Vec<String>, StoreError> {
        let query = query.clone();
        self.read(move |connection| page::explain(connection, &query)).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.away(|files| work(&mut locked(&files.reader))).await
    }

    /// Works on the files away from the async threads.
    async fn away<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let files = Arc::clone(&self.files);
        tokio::task::spawn_blocking(move || work(&files))
            .await
            .map_err(|error| StoreError::Other(error.into()))?
    }
}

fn locked(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.read(move |connection| read::get(connection, key)).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        self.away(move |files| commit::commit(&mut locked(&files.writer), &writes)).await
    }

    async fn list(&self, query: &List) -> Result<Page, StoreError> {
        let query = query.clone();
        self.read(move |connection| page::list(connection, &query)).await
    }

    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        page: &PageRequest,
    ) -> Result<Page, StoreError> {
        let page = page.clone();
        self.read(move |connection| page::due(connection, collection, until, &page)).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).map_err(failed))
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
