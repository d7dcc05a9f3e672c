//! A store that holds a process up, or refuses it, at one of its commits.

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

/// What happens to a process at such a commit.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    open: Arc<watch::Sender<bool>>,
    arrived: Arc<watch::Sender<bool>>,
    refusals: Arc<AtomicUsize>,
}

impl Gate {
    /// Waits until it is opened.
    pub(crate) fn closed() -> Self {
        Self::of(false, 0)
    }

    /// Refuses so often, as a store that is down does.
    pub(crate) fn refusing(times: usize) -> Self {
        Self::of(true, times)
    }

    fn of(open: bool, refusals: usize) -> Self {
        Self {
            open: Arc::new(watch::Sender::new(open)),
            arrived: Arc::default(),
            refusals: Arc::new(AtomicUsize::new(refusals)),
        }
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until somebody stands before it.
    pub(crate) async fn arrival(&self) {
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

/// Which commits a gate is for, and on which side of them it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At {
    /// Nothing is written yet.
    Before(fn(&Write) -> bool),
    /// It is written, and the process does not know yet.
    After(fn(&Write) -> bool),
}

/// A store behind a gate.
#[derive(Debug)]
pub(crate) struct GatedStore {
    pub(crate) inner: Arc<dyn Store>,
    pub(crate) gate: Gate,
    pub(crate) at: At,
}

#[async_trait]
impl Store for GatedStore {
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.inner.get(key).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        let (before, after) = match self.at {
            At::Before(is) => (writes.iter().any(is), false),
            At::After(is) => (false, writes.iter().any(is)),
        };
        if before {
            self.gate.pass().await?;
        }
        let done = self.inner.commit(writes).await;
        if after {
            self.gate.pass().await?;
        }
        done
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
