//! Connections to the one database, and the blocking threads they are used on.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use duckdb::{Config, Connection, InterruptHandle};
use tokio::sync::Semaphore;

use super::{DuckDbOptions, scan};
use crate::warehouse::WarehouseError;

/// Calls that run at once; more wait.
const CALLS: usize = 8;

/// The database and its idle connections.
pub(super) struct Pool {
    root: Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
    calls: Semaphore,
}

impl Pool {
    pub(super) fn open(options: &DuckDbOptions) -> Result<Self, WarehouseError> {
        let config = Config::default()
            .with("memory_limit", &options.memory_limit)?
            .with("threads", options.threads.to_string())?
            .with("preserve_insertion_order", "false")?
            .with("autoinstall_known_extensions", "false")?
            .with("autoload_known_extensions", "false")?
            .with("temp_directory", spill(&options.path).to_string_lossy())?;
        let root = Connection::open_with_flags(&options.path, config)?;
        // The file is ours alone now, so whoever spilled is gone.
        sweep(&options.path)?;
        // From here on no statement reaches any other file.
        root.execute_batch("SET enable_external_access = false")?;
        scan::register(&root)?;
        let calls = Semaphore::new(CALLS);
        Ok(Self { root: Mutex::new(root), idle: Mutex::default(), calls })
    }

    /// A connection, from the pool or new.
    pub(super) fn take(&self) -> Result<Connection, WarehouseError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = root.try_clone()?;
        connection.execute_batch("SET TimeZone = 'UTC'")?;
        Ok(connection)
    }

    /// Back into the pool. Not after an error: dropping a connection rolls back what it has open.
    pub(super) fn give(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < CALLS {
            idle.push(connection);
        }
    }

    /// Runs a call here, where blocking is allowed.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&Connection) -> Result<T, WarehouseError>,
    ) -> Result<T, WarehouseError> {
        let connection = self.take()?;
        let done = call(&connection)?;
        self.give(connection);
        Ok(done)
    }

    /// Runs a call on a blocking thread; it is interrupted when nobody waits for it any more.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        call: impl FnOnce(&Connection) -> Result<T, WarehouseError> + Send + 'static,
    ) -> Result<T, WarehouseError> {
        let _permit =
            self.calls.acquire().await.map_err(|error| WarehouseError::Other(error.into()))?;
        let pool = Arc::clone(self);
        let connection = blocking(move || pool.take()).await?;
        let (connection, done) = interruptible(connection, call).await?;
        self.give(connection);
        Ok(done)
    }
}

/// Runs a call on a connection, which comes back unless it failed.
pub(super) async fn interruptible<T: Send + 'static>(
    connection: Connection,
    call: impl FnOnce(&Connection) -> Result<T, WarehouseError> + Send + 'static,
) -> Result<(Connection, T), WarehouseError> {
    let guard = Interrupt::new(&connection);
    let done = blocking(move || call(&connection).map(|done| (connection, done))).await;
    guard.disarm();
    done
}

/// Runs what blocks where that is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WarehouseError> + Send + 'static,
) -> Result<T, WarehouseError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| WarehouseError::Other(anyhow::Error::new(error)))?
}

/// Interrupts a connection's call unless disarmed. The connection of an interrupted call is never
/// used again: it goes away with the result that nobody waits for.
pub(super) struct Interrupt(Option<Arc<InterruptHandle>>);

impl Interrupt {
    pub(super) fn new(connection: &Connection) -> Self {
        Self(Some(connection.interrupt_handle()))
    }

    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.interrupt();
        }
    }
}

fn spill(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    name.into()
}

fn sweep(path: &Path) -> Result<(), WarehouseError> {
    let folder = spill(path);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)
            .with_context(|| format!("cannot remove {}", folder.display()))
            .map_err(WarehouseError::Other),
        _ => Ok(()),
    }
}
