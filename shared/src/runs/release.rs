//! Giving a run back that is to be taken again.

use jiff::SignedDuration;
use uuid::Uuid;

use super::{Failure, Run, RunStatus, Runs};
use crate::{Result, pipeline::engine::Content};

/// Why and when a run is to be taken again.
pub(super) struct Again {
    /// Who executed it.
    pub(super) holder: Uuid,
    /// What went wrong, unless it was only interrupted.
    pub(super) error: Option<Failure>,
    /// How long to wait.
    pub(super) wait: SignedDuration,
    /// What its steps did.
    pub(super) content: Option<Content>,
}

impl Runs {
    /// Writes down when to take a run again, and gives its lease back.
    pub(super) async fn release(&self, run: &Run, again: Again) -> Result<()> {
        for tries in 0.. {
            let Some(mut held) = self.find(&run.org_slug, run.run_id).await? else { return Ok(()) };
            let now = self.clock.now();
            let before = held.value.clone();
            let run = &mut held.value;
            if run.lease.as_ref().is_none_or(|lease| lease.holder != again.holder) {
                return Ok(());
            }
            if let Some(content) = again.content.clone() {
                run.apply(content);
            }
            run.status = RunStatus::Pending;
            run.lease = None;
            run.error.clone_from(&again.error);
            run.next_at = Some(now + again.wait);
            run.touch(now);
            let mut writes = self.rows(run, Some(&before))?;
            writes.push(held.replace()?);
            if self.commit(writes).await? {
                return Ok(());
            }
            self.again(tries).await?;
        }
        Ok(())
    }
}
