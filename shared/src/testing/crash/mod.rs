//! `kill -9` after any write: for tests that stop a flow there and let the sweep repair it.

mod files;
mod store;
mod warehouse;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::watch;

pub use self::{files::CrashingFiles, store::CrashingStore, warehouse::CrashingWarehouse};

/// The write after which a process is dead: it is done, and nothing that the process asks of its
/// backends ever returns again.
#[derive(Debug, Clone)]
pub struct CrashPoint {
    after: usize,
    writes: Arc<AtomicUsize>,
    dead: Arc<watch::Sender<bool>>,
}

impl CrashPoint {
    /// Dead after the `n`-th write, counted from 1 over all backends that share it.
    #[must_use]
    pub fn after(n: usize) -> Self {
        let (writes, dead) = (Arc::default(), Arc::new(watch::Sender::new(false)));
        Self { after: n, writes, dead }
    }

    /// Never dead: counts only.
    #[must_use]
    pub fn never() -> Self {
        Self::after(usize::MAX)
    }

    /// Writes that were done so far.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    /// Whether the write has been done.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        *self.dead.borrow()
    }

    /// Runs a flow until it ends, or until the process is dead: then the flow is dropped and the
    /// answer is `None`.
    pub async fn run<T>(&self, flow: impl Future<Output = T>) -> Option<T> {
        let mut dead = self.dead.subscribe();
        tokio::select! {
            biased;
            _ = dead.wait_for(|dead| *dead) => None,
            done = flow => Some(done),
        }
    }

    /// Counts a write that was done; does not return from the last one.
    async fn wrote(&self) {
        if self.writes.fetch_add(1, Ordering::SeqCst) + 1 >= self.after {
            self.dead.send_replace(true);
        }
        self.alive().await;
    }

    /// Returns unless the process is dead.
    async fn alive(&self) {
        if self.is_dead() {
            std::future::pending::<()>().await;
        }
    }
}
