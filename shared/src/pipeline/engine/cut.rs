//! Why work stops before it is done.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use tokio_util::sync::CancellationToken;

/// Why work was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Somebody asked for the run's end.
    Cancelled,
    /// The lease was lost: somebody else goes on, or will.
    Lost,
    /// The time that a run has is over.
    Deadline,
    /// The process is asked to end.
    Shutdown,
}

/// Tells everything that works for a run to stop at the next safe point. The first reason stays.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    token: CancellationToken,
    reason: Arc<OnceLock<Reason>>,
    closing: Arc<AtomicBool>,
}

impl Cut {
    /// Asks for the stop.
    pub fn now(&self, reason: Reason) {
        // A second reason changes nothing.
        let _ = self.reason.set(reason);
        self.token.cancel();
    }

    /// Why, if it was asked for.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.reason.get().copied().filter(|_| self.token.is_cancelled())
    }

    /// Lets what is under way end, and nothing else begin.
    pub fn no_more(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Whether nothing else is to begin.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Waits until it is asked for.
    pub async fn asked(&self) {
        self.token.cancelled().await;
    }
}
