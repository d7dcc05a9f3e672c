//! Ending a run because somebody asks for it.

use uuid::Uuid;

use super::{End, Run, RunStatus, Runs};
use crate::{Error, Result, org::OrgSlug, store::Write};

impl Runs {
    /// Cancels a run: at once where nobody executes it, else at its next safe point. A backfill
    /// takes the child that is at work with it. `besides` goes into the same commit.
    ///
    /// # Errors
    ///
    /// 404 where there is none, 409 where it has ended.
    pub async fn cancel(&self, org: &OrgSlug, run_id: Uuid, besides: &[Write]) -> Result<Run> {
        for tries in 0.. {
            let mut held = self.get(org, run_id).await?;
            let now = self.clock.now();
            let run = &mut held.value;
            if run.status.is_end() {
                let status = run.status.as_str();
                return Err(Error::Conflict(format!("the run has ended: it is {status}")));
            }
            run.cancel_requested_at.get_or_insert(now);
            if !run.is_held(now, self.boot) {
                run.next_at = Some(now);
            }
            let mut writes = besides.to_vec();
            writes.push(held.replace()?);
            if self.commit(writes).await? {
                return self.cancelled(held.value).await;
            }
            self.again(tries).await?;
        }
        Err(Error::Internal(anyhow::anyhow!("there is always another try")))
    }

    /// Does at once what is left of a cancellation; the sweep does it where this is cut off.
    async fn cancelled(&self, run: Run) -> Result<Run> {
        if let Some(backfill) = &run.backfill {
            if let (true, Some(window)) = (
                backfill.is_busy(),
                backfill.started.checked_sub(1).and_then(|at| backfill.windows.get(at)),
            ) {
                let child = super::child_id(run.run_id, *window);
                match Box::pin(self.cancel(&run.org_slug, child, &[])).await {
                    Ok(_) | Err(Error::Conflict(_) | Error::NotFound(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            self.advance(&run.org_slug, run.run_id).await?;
            return Ok(self.get(&run.org_slug, run.run_id).await?.value);
        }
        let end = End::unheld(RunStatus::Cancelled, None);
        Ok(self.end(&run.org_slug, run.run_id, &end).await?.unwrap_or(run))
    }
}
