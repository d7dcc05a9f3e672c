//! Keeping a run while it is executed: the one task that writes its document renews the lease,
//! writes progress down, and sees when somebody asks for its end.

use std::time::Duration;

use tokio::time::{Instant, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Run, Runs, lease::HELD};
use crate::{
    pipeline::engine::{Board, Content, Cut, Reason},
    store::{Held, StoreError},
};

/// At most one write in this time.
const EACH: Duration = Duration::from_secs(1);
/// A lease is renewed after this time, even where there is nothing new to write.
const RENEW: Duration = Duration::from_secs(20);
/// How often somebody's wish to end the run is looked for between writes, in units of [`EACH`].
const LOOK: u32 = 3;
/// After this time without renewal the holder stops: before anybody else may take the run.
const STOP: Duration = Duration::from_secs(45);

/// The state of the keeping task.
struct Keeper<'a> {
    runs: &'a Runs,
    held: Held<Run>,
    holder: Uuid,
    board: &'a Board,
    cut: &'a Cut,
    renewed: Instant,
    written: Content,
}

/// Keeps a run until `done`. Returns its document as it was last seen.
pub(super) async fn keep(
    runs: &Runs,
    held: Held<Run>,
    (board, cut): (&Board, &Cut),
    done: &CancellationToken,
) -> Held<Run> {
    let holder = held.value.lease.as_ref().map_or(Uuid::nil(), |lease| lease.holder);
    let (renewed, written) = (Instant::now(), Content::default());
    let mut keeper = Keeper { runs, held, holder, board, cut, renewed, written };
    let mut clock = interval(EACH);
    for tick in 0_u32.. {
        tokio::select! {
            () = done.cancelled() => break,
            _ = clock.tick() => keeper.tick(tick).await,
        }
    }
    keeper.held
}

impl Keeper<'_> {
    async fn tick(&mut self, tick: u32) {
        let content = self.board.content();
        let due = self.renewed.elapsed() >= RENEW;
        let outcome = if due || content != self.written {
            self.write(content).await
        } else if tick.is_multiple_of(LOOK) {
            self.look().await
        } else {
            Ok(())
        };
        if let Err(error) = outcome {
            tracing::warn!(run = %self.held.value.run_id, cause = format!("{error:#}"), "run could not be kept, will try again");
        }
        if self.renewed.elapsed() >= STOP {
            self.cut.now(Reason::Lost);
        }
    }

    /// Writes progress and renews the lease. The time of the renewal is that before the write.
    async fn write(&mut self, content: Content) -> Result<(), StoreError> {
        let (before, began) = (self.held.value.clone(), Instant::now());
        let now = self.runs.clock.now();
        let run = &mut self.held.value;
        run.apply(content.clone());
        if let Some(lease) = &mut run.lease {
            lease.until = now + HELD;
        }
        let mut writes = self.runs.step_rows(&self.held.value, &before)?;
        writes.push(self.held.replace()?);
        match self.runs.ledger.commit(writes).await {
            Ok(versions) => {
                self.held.version = versions.into_iter().next_back().unwrap_or_default();
                (self.renewed, self.written) = (began, content);
                Ok(())
            }
            Err(StoreError::Conflict(_)) => {
                self.held.value = before;
                self.look().await
            }
            Err(error) => Err(error),
        }
    }

    /// Reads what somebody else may have written: a wish to end the run, or that it is not ours.
    async fn look(&mut self) -> Result<(), StoreError> {
        let run = &self.held.value;
        let fresh = self.runs.find(&run.org_slug, run.run_id).await?;
        let ours = |run: &Run| run.lease.as_ref().is_some_and(|lease| lease.holder == self.holder);
        match fresh {
            Some(fresh) if ours(&fresh.value) => {
                if fresh.value.cancel_requested_at.is_some() {
                    self.cut.now(Reason::Cancelled);
                }
                self.held = fresh;
            }
            _ => self.cut.now(Reason::Lost),
        }
        Ok(())
    }
}
