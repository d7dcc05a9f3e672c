//! Coming back to runs: whatever a crash, a lost message or a wait left to be done.

use jiff::SignedDuration;

use super::{Run, RunStatus, Runs, lease::HELD, submit::ANNOUNCED};
use crate::{
    Result,
    store::{Collection, Held, PageRequest, StoreExt as _, Times},
};

/// How many runs are looked at in one page.
const PAGE: usize = 64;

/// When a run comes again that could not be dealt with.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(5);

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Runs that were looked at.
    pub seen: usize,
    /// Of those, runs that could not be dealt with; they come again later.
    pub failed: usize,
    /// Whether more are due than were looked at.
    pub more: bool,
}

impl Runs {
    /// Deals with one page of due runs, of all organizations, the most overdue first.
    ///
    /// # Errors
    ///
    /// Fails where the store cannot be asked; a single run that fails is put back.
    pub async fn sweep(&self) -> Result<Swept> {
        let now = self.clock.now();
        // Leases of a process that is dead for sure are dead before their time.
        let until = if self.boot.alone { now + HELD } else { now };
        let page = PageRequest { limit: PAGE, after: None };
        let page =
            self.store.find_due::<Run>(Collection::Runs, Times { until, now }, &page).await?;
        let (more, unreadable) = (page.next.is_some(), page.unreadable);
        let mut swept = Swept { seen: unreadable, failed: unreadable, more };
        for held in page.items {
            let due = held.value.next_at.is_some_and(|at| at <= now);
            let dead = held.value.lease.is_some() && !held.value.is_held(now, self.boot);
            if !due && !dead {
                continue;
            }
            swept.seen += 1;
            let stored = held.stored()?;
            if let Err(error) = self.revive(held).await {
                let cause = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(run = stored.key.id, cause, "run could not be swept, comes again");
                swept.failed += 1;
                self.store.put_off(stored, now + PUT_OFF).await?;
            }
        }
        Ok(swept)
    }

    /// Ends a run that is not to go on, or writes down that it waits and announces it.
    async fn revive(&self, mut held: Held<Run>) -> Result<()> {
        let org = held.value.org_slug.clone();
        if held.value.backfill.is_some() {
            return self.advance(&org, held.value.run_id).await;
        }
        if let Some(end) = self.ends_untaken(&held.value).await? {
            return self.end(&org, held.value.run_id, &end).await.map(drop);
        }
        let now = self.clock.now();
        let before = held.value.clone();
        let run = &mut held.value;
        run.status = RunStatus::Pending;
        run.lease = None;
        run.next_at = Some(now + ANNOUNCED);
        let mut writes = Vec::new();
        if run.status != before.status {
            run.touch(now);
            writes = self.rows(run, Some(&before))?;
        }
        writes.push(held.replace()?);
        // Where somebody was quicker, there is nothing to do any more.
        if self.commit(writes).await? {
            self.announce(&held.value).await;
        }
        Ok(())
    }
}
