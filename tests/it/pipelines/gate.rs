//! A store that holds a process up, or refuses it, where it is about to write a table.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use convergence::store::{
    Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write,
};
use jiff::Timestamp;
use tokio::sync::watch;

/// What happens to who becomes the writer of a table.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    open: Arc<watch::Sender<bool>>,
    arrived: Arc<watch::Sender<bool>>,
    refusals: Arc<AtomicUsize>,
}

impl Gate {
    /// Waits until it is opened.
    pub(super) fn closed() -> Self {
        Self::of(false, 0)
    }

    /// Refuses so often, as a store that is down does.
    pub(super) fn refusing(times: usize) -> Self {
        Self::of(true, times)
    }

    fn of(open: bool, refusals: usize) -> Self {
        Self {
            open: Arc::new(watch::Sender::new(open)),
            arrived: Arc::default(),
            refusals: Arc::new(AtomicUsize::new(refusals)),
        }
    }

    pub(super) fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until somebody stands before it.
    pub(super) async fn arrival(&self) {
        self.arrived.subscribe().wait_for(|arrived| *arrived).await.unwrap();
    }

    async fn pass(&self) -> Result<(), StoreError> {
        self.arrived.send_replace(true);
        let take = |left: usize| left.checked_sub(1);
        if self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok() {
            return Err(StoreError::Unavailable(anyhow::anyhow!("the store is down")));
        }
        self.open.subscribe().wait_for(|open| *open).await.unwrap();
        Ok(())
    }
}

/// A store behind a gate.
#[derive(Debug)]
pub(super) struct GatedStore {
    pub(super) inner: Arc<dyn Store>,
    pub(super) gate: Gate,
}

#[async_trait]
impl Store for GatedStore {
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.inner.get(key).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        let becomes = |write: &Write| {
            let create = !matches!(write, Write::Delete(..));
            create && write.key().collection == Collection::Writers
        };
        if writes.iter().any(becomes) {
            self.gate.pass().await?;
        }
        self.inner.commit(writes).await
    }

    async fn list(&self, query: &List) -> Result<Page, StoreError> {
        self.inner.list(query).await
    }

    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        page: &PageRequest,
    ) -> Result<Page, StoreError> {
        self.inner.due(collection, until, page).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.inner.ping().await
    }
}
