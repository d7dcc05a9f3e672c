//! Taking a run: who executes it, and who must not.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Lease, Run, RunStatus};

/// How long a lease holds without being renewed.
pub const HELD: SignedDuration = SignedDuration::from_secs(60);

/// Which start of which process this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boot {
    /// The start.
    pub id: Uuid,
    /// Whether the store is this process's alone, so that every other start is dead.
    pub alone: bool,
}

impl Lease {
    /// Whether its holder may still be at work.
    #[must_use]
    pub fn is_live(&self, now: Timestamp, boot: Boot) -> bool {
        self.until > now && (!boot.alone || self.boot == boot.id)
    }
}

impl Run {
    /// Whether somebody is at work on it.
    #[must_use]
    pub fn is_held(&self, now: Timestamp, boot: Boot) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.is_live(now, boot))
    }

    /// Whether a delivery at `now` should execute it.
    #[must_use]
    pub fn may_be_taken(&self, now: Timestamp, boot: Boot) -> bool {
        !self.status.is_end() && self.backfill.is_none() && !self.is_held(now, boot)
    }
}

/// Gives the lease of a run that may be taken to `holder`; the commit of it decides.
pub(super) fn hold(run: &mut Run, boot: Boot, holder: Uuid, now: Timestamp) {
    run.lease = Some(Lease { holder, boot: boot.id, until: now + HELD });
    run.status = RunStatus::Running;
    run.next_at = None;
    if let Some(handed) = &mut run.handed {
        handed.until = now;
    }
    run.attempts += 1;
    run.started_at.get_or_insert(now);
    run.touch(now);
}
