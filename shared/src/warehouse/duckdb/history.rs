//! Who may change a table when, and which replaces happened while another one was being staged.
//!
//! A staged load sees the table as it was when it began. If a replace of an overlapping scope was
//! committed since, committing too would leave both sets of rows: it is refused instead.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Mutex as Turn, MutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use crate::warehouse::Scope;

/// All tables of a database.
#[derive(Default)]
pub(super) struct History {
    tables: Mutex<HashMap<String, Arc<Table>>>,
    ddl: Turn<()>,
}

/// One table.
#[derive(Default)]
pub(super) struct Table {
    columns: Arc<RwLock<()>>,
    /// Taken while a replace decides and commits.
    pub(super) replaces: Turn<Replaces>,
}

/// Replaces since the process began, as far as anybody who is staging may ask.
#[derive(Default)]
pub(super) struct Replaces {
    committed: u64,
    recent: Vec<(u64, Scope)>,
}

/// Kept at least; one that began before the oldest of them is refused.
const RECENT: usize = 4096;

impl Replaces {
    /// How many there were.
    pub(super) fn count(&self) -> u64 {
        self.committed
    }

    /// Whether one since the `count`-th may have touched rows of `scope`.
    pub(super) fn overlaps(&self, count: u64, scope: &Scope) -> bool {
        let forgotten = self.committed - self.recent.len() as u64 > count;
        forgotten || self.recent.iter().any(|(at, other)| *at > count && other.overlaps(scope))
    }

    /// Remembers one.
    pub(super) fn push(&mut self, scope: Scope) {
        self.committed += 1;
        if self.recent.len() >= 2 * RECENT {
            self.recent.drain(..RECENT);
        }
        self.recent.push((self.committed, scope));
    }
}

impl History {
    pub(super) fn table(&self, name: &str) -> Arc<Table> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(name.to_owned()).or_default())
    }

    /// Held by whoever writes rows: columns stay as they are meanwhile.
    pub(super) async fn shared(&self, table: &str) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.table(table).columns).read_owned().await
    }

    /// Held by whoever changes columns.
    pub(super) async fn alone(&self, table: &str) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.table(table).columns).write_owned().await
    }

    /// Held by whoever changes the catalogue: DuckDB refuses two at once.
    pub(super) async fn ddl(&self) -> MutexGuard<'_, ()> {
        self.ddl.lock().await
    }
}
