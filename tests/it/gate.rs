//! A store that holds a process up, or refuses it, at one of its commits.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use convergence::{
    store::{StoreError, Write},
    testing::{Asked, Watch, WatchedStore},
};
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
pub(crate) type GatedStore = WatchedStore<Gated>;

/// Stands before it.
#[derive(Debug)]
pub(crate) struct Gated {
    pub(crate) gate: Gate,
    pub(crate) at: At,
}

#[async_trait]
impl Watch for Gated {
    async fn before(&self, asked: Asked<'_>) -> Result<(), StoreError> {
        match (self.at, asked) {
            (At::Before(is), Asked::Commit(writes)) if writes.iter().any(is) => {
                self.gate.pass().await
            }
            _ => Ok(()),
        }
    }

    async fn after(&self, asked: Asked<'_>) -> Result<(), StoreError> {
        match (self.at, asked) {
            (At::After(is), Asked::Commit(writes)) if writes.iter().any(is) => {
                self.gate.pass().await
            }
            _ => Ok(()),
        }
    }
}
