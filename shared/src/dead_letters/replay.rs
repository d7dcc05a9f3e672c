//! Trying again what was given up.

use serde_json::json;
use uuid::Uuid;

use super::{DeadLetter, DeadLetters};
use crate::{
    Error, Result,
    audit::{self, By, Event, Outcome},
    runs::{self, Run},
    store::{Held, Owner, StoreExt as _, Write},
};

/// A dead letter that can be replayed.
#[derive(Debug)]
pub struct Replay {
    letter: Held<DeadLetter>,
    run: Run,
    /// The run that tries again: its own where that still waits, else a new one.
    pub run_id: Uuid,
}

impl DeadLetters {
    /// Looks whether a letter can be replayed.
    ///
    /// # Errors
    ///
    /// 404 where there is no such letter, 409 where there is nothing that could be tried again.
    pub async fn replay(&self, letter_id: Uuid) -> Result<Replay> {
        let (runs, key) = (&self.runs, DeadLetter::key(letter_id));
        let letter = runs.store.find::<DeadLetter>(&key, runs.clock.now()).await?;
        let missing = || Error::NotFound(format!("there is no dead letter `{letter_id}`"));
        let letter = letter.ok_or_else(missing)?;
        let Some(message) = &letter.value.message else {
            return Err(Error::Conflict("it cannot be read: it names no run".to_owned()));
        };
        let run = runs.find(&message.org_slug, message.run_id).await?.map(|held| held.value);
        let Some(run) = run else {
            return Err(Error::Conflict(
                "its run is not there any more; ask for it anew".to_owned(),
            ));
        };
        let run_id = if run.status.is_end() { runs.ids.new_id() } else { run.run_id };
        Ok(Replay { letter, run, run_id })
    }

    /// Tries again, and lets go of the letter, in one commit with `besides`.
    ///
    /// # Errors
    ///
    /// As for a run that is asked for; 409 where somebody else was quicker.
    pub async fn send_again(
        &self,
        replay: &Replay,
        by: By<'_>,
        mut besides: Vec<Write>,
    ) -> Result<()> {
        let Replay { letter, run, run_id } = replay;
        besides.push(letter.delete());
        besides.push(self.audited(replay, by)?);
        if !run.status.is_end() {
            self.runs.commit_new(besides).await?;
            self.runs.announce(run).await;
            return Ok(());
        }
        let (organization, actor) =
            (self.runs.organization(&run.org_slug).await?, by.caller.actor());
        let plan = self.runs.plans.get(&run.pipeline)?;
        let mut submission = runs::again((run, *run_id), &organization, plan, &actor)?;
        submission.trace = by.meta.trace.as_ref();
        self.runs.submit(&submission, &besides).await.map(drop)
    }

    fn audited(&self, replay: &Replay, by: By<'_>) -> Result<Write> {
        let org = &replay.run.org_slug;
        let event = Event {
            action: "dead_letter.replay",
            target: format!("dead_letters/{}", replay.letter.value.letter_id),
            outcome: Outcome::Success,
            details: json!({ "run_id": replay.run_id, "was": replay.run.run_id }),
        };
        let entry = audit::entry(by, org, self.runs.clock.now(), event);
        Ok(self.runs.ledger.write(&Owner::Org(org.clone()), &entry)?)
    }
}
