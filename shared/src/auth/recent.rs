//! What the store said a moment ago: positive answers only, for at most 20 seconds.

use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;

use crate::{clock::Clock, store::StoreError};

/// How long an answer is believed. A change made elsewhere holds everywhere after it.
pub(super) const FRESH: SignedDuration = SignedDuration::from_secs(20);
const CAPACITY: u64 = 10_000;

/// A cache of `V` by document id.
pub(super) struct Recent<V> {
    entries: Cache<String, (V, Timestamp)>,
    /// Counts what was forgotten, so that an answer read before is not kept after.
    forgotten: RwLock<u64>,
    clock: Arc<dyn Clock>,
}

impl<V: Clone + Send + Sync + 'static> Recent<V> {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let entries = Cache::builder()
            .max_capacity(CAPACITY)
            .time_to_live(Duration::from_secs(FRESH.as_secs().unsigned_abs()))
            .build();
        Self { entries, forgotten: RwLock::new(0), clock }
    }

    /// The answer, if one is fresh.
    pub(super) fn get(&self, id: &str) -> Option<V> {
        let (value, read_at) = self.entries.get(id)?;
        let age = self.clock.now().duration_since(read_at);
        (age < FRESH && !age.is_negative()).then_some(value)
    }

    /// Asks `load` and keeps what it finds, unless something was forgotten meanwhile.
    pub(super) async fn load(
        &self,
        id: &str,
        load: impl Future<Output = Result<Option<V>, StoreError>>,
    ) -> Result<Option<V>, StoreError> {
        let (before, read_at) = (self.forgotten_so_far(), self.clock.now());
        let Some(value) = load.await? else { return Ok(None) };
        let forgotten = self.forgotten.read().unwrap_or_else(PoisonError::into_inner);
        if *forgotten == before {
            self.entries.insert(id.to_owned(), (value.clone(), read_at));
        }
        Ok(Some(value))
    }

    /// Drops an answer at once.
    pub(super) fn forget(&self, id: &str) {
        let mut forgotten = self.forgotten.write().unwrap_or_else(PoisonError::into_inner);
        *forgotten += 1;
        self.entries.invalidate(id);
    }

    fn forgotten_so_far(&self) -> u64 {
        *self.forgotten.read().unwrap_or_else(PoisonError::into_inner)
    }
}
