//! What queries cost: counted per organization, pipeline and run, and appended now and then to
//! `org_cost_tracking`.
//!
//! Counts are kept in memory until then; a crash loses those of the last seconds, which is
//! accepted: they bill nobody.

mod metered;
mod usage;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::usage::{Asked, Usage};
use super::{Dataset, Query, QueryStats, Warehouse, WarehouseError};
use crate::{clock::Clock, ids::Ids};

/// The table, in the deployment's dataset.
pub const TABLE: &str = "org_cost_tracking";
/// How long counts are kept before they are appended.
pub const INTERVAL: Duration = Duration::from_secs(15);
/// Appended at once from this many kinds of queries on.
const MANY: usize = 500;
/// Kinds of queries beyond which counts are lost rather than kept, while the table cannot be
/// written to.
const MOST: usize = 10_000;

/// A warehouse whose queries are counted.
pub struct Meter {
    inner: Arc<dyn Warehouse>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    usage: Mutex<Usage>,
    many: Notify,
}

impl Meter {
    /// Counts the queries of `inner`, and appends there.
    #[must_use]
    pub fn new(inner: Arc<dyn Warehouse>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Arc<Self> {
        let usage = Mutex::default();
        Arc::new(Self { inner, clock, ids, usage, many: Notify::new() })
    }

    /// Appends what was counted every few seconds, and a last time when `stop` is cancelled.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.many.notified() => {}
                () = tokio::time::sleep(INTERVAL) => {}
            }
            self.flush_or_keep().await;
        }
        self.flush_or_keep().await;
    }

    /// Appends what was counted so far.
    ///
    /// # Errors
    ///
    /// What the warehouse says; the counts are kept for the next time.
    pub async fn flush(&self) -> Result<(), WarehouseError> {
        let usage = std::mem::take(&mut *self.usage());
        if usage.is_empty() {
            return Ok(());
        }
        let rows = usage.rows(self.clock.now(), &*self.ids)?;
        let done = self.inner.append(&Dataset::System, TABLE, rows).await;
        if done.is_err() {
            self.usage().merge(usage, MOST);
        }
        done
    }

    async fn flush_or_keep(&self) {
        match self.flush().await {
            // Before the deployment's dataset is made there is nowhere to write to.
            Ok(()) | Err(WarehouseError::NoSuchDataset(_) | WarehouseError::NoSuchTable(_)) => {}
            Err(error) => {
                let cause = format!("{:#}", anyhow::Error::from(error));
                tracing::warn!(
                    cause,
                    "what queries cost could not be recorded, trying again later"
                );
            }
        }
    }

    fn count(&self, dataset: &Dataset, query: &Query, stats: &QueryStats) {
        let asked = Asked::new(dataset, query, self.clock.now());
        let mut usage = self.usage();
        usage.add(asked, stats, MOST);
        if usage.len() >= MANY {
            self.many.notify_one();
        }
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter").field("inner", &self.inner).finish_non_exhaustive()
    }
}
