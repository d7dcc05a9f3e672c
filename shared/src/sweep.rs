//! The sweep: comes each minute to whatever a crash, a lost message or a wait left to be done.
//!
//! Every part is bounded and repeatable; a document that cannot be dealt with comes later, so it
//! never holds up another.

use std::{fmt, sync::Arc};

use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Result,
    audit::By,
    connections::Connections,
    dead_letters::DeadLetters,
    leases::{Asking, Lease},
    ledger::Ledger,
    runs::Runs,
    store::{Collection, Key},
    tenants::Tenants,
    vault::Rotation,
};

/// How long one sweep may hold its lease.
const HELD: SignedDuration = SignedDuration::from_mins(5);
/// How long it goes on to new pages.
const WORKS: SignedDuration = SignedDuration::from_mins(4);

/// What comes back to everything.
#[derive(Clone)]
pub struct Sweep {
    /// Runs.
    pub runs: Arc<Runs>,
    /// Ledger rows.
    pub ledger: Arc<Ledger>,
    /// Organizations whose making never ended.
    pub tenants: Arc<Tenants>,
    /// Connections whose provider did not answer.
    pub connections: Connections,
    /// What the queue gave up.
    pub dead_letters: Arc<DeadLetters>,
    /// Data keys that are old.
    pub rotation: Rotation,
}

impl fmt::Debug for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sweep").finish_non_exhaustive()
    }
}

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Swept {
    /// Whether another sweep is at work, so that this one did nothing.
    pub busy: bool,
    /// Runs that were published, ended or gone on with.
    pub runs: usize,
    /// Ledger rows that waited.
    pub ledger_rows: usize,
    /// Onboardings that never ended, and were undone.
    pub onboardings: usize,
    /// Providers that did not answer, and were asked again.
    pub connections: usize,
    /// Messages that the queue had given up: published again, kept, or let go.
    pub dead_letters: usize,
    /// Idempotency keys that ended.
    pub claims: usize,
    /// Data keys that another took the place of, or that nothing is sealed with any more.
    pub data_keys: usize,
    /// What could not be dealt with now and comes later.
    pub failed: usize,
    /// Whether more is due than one sweep may do.
    pub remaining: bool,
}

impl Sweep {
    /// Sweeps once, on somebody's behalf, unless another sweep is at work.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn once(&self, by: By<'_>) -> Result<Swept> {
        let runs = &self.runs;
        let (holder, now) = (runs.ids.new_id(), runs.clock.now());
        let asking = Asking { holder, boot: runs.boot, now };
        let key = Key::system(Collection::Leases, "sweep");
        let Some(lease) = Lease::take(&runs.store, key, asking, HELD).await? else {
            return Ok(Swept { busy: true, ..Swept::default() });
        };
        let swept = self.all(by).await;
        lease.done().await;
        swept
    }

    async fn all(&self, by: By<'_>) -> Result<Swept> {
        let mut swept = Swept::default();
        let began = self.runs.clock.now();
        loop {
            let page = self.runs.sweep().await?;
            swept.runs += page.seen;
            swept.failed += page.failed;
            swept.remaining = page.more;
            let late = self.runs.clock.now() > began + WORKS;
            if !page.more || late || page.seen == 0 {
                break;
            }
        }
        self.collect_dead_letters(&mut swept).await;
        let now = self.runs.clock.now();
        swept.onboardings = self.tenants.undo_creations(now).await?;
        swept.claims = self.runs.claims.sweep(now).await?;
        swept.connections = self.connections.sweep(now, by).await?;
        let rotated = self.rotation.sweep(now).await?;
        swept.data_keys = rotated.keys;
        swept.failed += rotated.failed;
        swept.ledger_rows = self.ledger.sweep(now).await?;
        Ok(swept)
    }

    /// A queue that is down is no reason to leave the rest undone.
    async fn collect_dead_letters(&self, swept: &mut Swept) {
        match self.dead_letters.collect().await {
            Ok(count) => swept.dead_letters = count,
            Err(error) => {
                let cause = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(cause, "dead letters could not be taken, will try again");
                swept.failed += 1;
            }
        }
    }
}
