//! Backfills: a run over a long range makes a child per window, one after the other, each when it
//! gets a slot. Everything here may be repeated: a child's id derives from parent and window.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Backfill, Failure, Run, RunStatus, Runs, Trigger, run::Draft, slots, submit::ANNOUNCED,
};
use crate::{
    Error, Result,
    org::OrgSlug,
    queue::Window,
    store::{Entity as _, Held, Write},
};

/// When a backfill whose child is at work is looked at again, in case nobody told of its end.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

impl Backfill {
    /// Of windows, none begun.
    #[must_use]
    pub fn new(windows: Vec<Window>) -> Self {
        Self { windows, started: 0, ended: std::collections::BTreeMap::new() }
    }

    /// Whether a child is at work, or waits to be.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.started > self.ended.len()
    }
}

/// The id of a parent's child: a UUIDv7 of the parent's time, the same whoever derives it.
#[must_use]
pub fn child_id(parent: Uuid, window: Window) -> Uuid {
    let text = format!("{parent}/{}/{}", window.start, window.end);
    let mut random = [0; 10];
    random.copy_from_slice(&Sha256::digest(text.as_bytes())[..10]);
    let millis = crate::ids::made_at(parent).map_or(0, Timestamp::as_millisecond);
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or_default(), &random)
        .into_uuid()
}

/// What is to be done for a backfill.
enum Next {
    Wait(Timestamp),
    Child(Vec<Write>, Box<Run>),
    End(RunStatus, Option<Failure>),
    Recorded(Uuid, RunStatus),
}

impl Runs {
    /// Does the next thing for a backfill: makes a child, notes one's end, waits, or ends it.
    ///
    /// # Errors
    ///
    /// As the store; the sweep comes again.
    pub async fn advance(&self, org: &OrgSlug, parent: Uuid) -> Result<()> {
        for tries in 0.. {
            let Some(mut held) = self.find(org, parent).await? else { return Ok(()) };
            if held.value.status.is_end() || held.value.backfill.is_none() {
                return Ok(());
            }
            let next = self.next(&held.value).await?;
            let child = match &next {
                Next::Child(_, child) => Some(child.clone()),
                _ => None,
            };
            let recorded = matches!(next, Next::Recorded(..));
            let writes = self.advanced(&mut held, next)?;
            if self.commit(writes).await? {
                match child {
                    Some(child) => self.announce(&child).await,
                    None if recorded => continue,
                    None => {}
                }
                return Ok(());
            }
            self.again(tries).await?;
        }
        Ok(())
    }

    fn advanced(&self, held: &mut Held<Run>, next: Next) -> Result<Vec<Write>> {
        let now = self.clock.now();
        let before = held.value.clone();
        let parent = &mut held.value;
        let mut writes = Vec::new();
        match next {
            Next::Wait(until) => parent.next_at = Some(until),
            Next::End(status, error) => parent.finish(status, error, now),
            Next::Recorded(child, status) => {
                if let Some(backfill) = &mut parent.backfill {
                    backfill.ended.insert(child, status);
                }
                parent.next_at = Some(now);
            }
            Next::Child(made, child) => {
                writes = made;
                parent.status = RunStatus::Running;
                parent.started_at.get_or_insert(now);
                parent.next_at = Some(now + LOOK_AGAIN);
                if let Some(backfill) = &mut parent.backfill {
                    backfill.started += 1;
                }
                writes.extend(self.rows(&child, None)?);
            }
        }
        if held.value.status != before.status {
            held.value.touch(now);
            writes.extend(self.rows(&held.value, Some(&before))?);
        }
        writes.push(held.replace()?);
        Ok(writes)
    }

    async fn next(&self, parent: &Run) -> Result<Next> {
        let now = self.clock.now();
        let Some(backfill) = &parent.backfill else { return Ok(Next::Wait(now + LOOK_AGAIN)) };
        if backfill.is_busy() {
            return self.look_at_child(parent, backfill, now).await;
        }
        if parent.cancel_requested_at.is_some() {
            return Ok(Next::End(RunStatus::Cancelled, None));
        }
        match backfill.windows.get(backfill.started) {
            None => Ok(ended(backfill)),
            Some(window) => self.child(parent, *window).await,
        }
    }

    /// The child at work tells of its end itself; this is for one that could not.
    async fn look_at_child(
        &self,
        parent: &Run,
        backfill: &Backfill,
        now: Timestamp,
    ) -> Result<Next> {
        let window = backfill.windows[backfill.started - 1];
        let id = child_id(parent.run_id, window);
        let child = self.find(&parent.org_slug, id).await?.map(|held| held.value);
        Ok(match child {
            Some(child) if child.status.is_end() => Next::Recorded(id, child.status),
            Some(_) => Next::Wait(now + LOOK_AGAIN),
            None => Next::Recorded(id, RunStatus::Failed),
        })
    }

    async fn child(&self, parent: &Run, window: Window) -> Result<Next> {
        let now = self.clock.now();
        let organization = self.organization(&parent.org_slug).await?;
        let subscription = match self.may_run(&organization, now).await {
            Ok(subscription) => subscription,
            Err(Error::Forbidden(message)) => {
                let failure = Failure::new("subscription", message);
                return Ok(Next::End(RunStatus::Failed, Some(failure)));
            }
            Err(error) => return Err(error),
        };
        let zone = slots::zone(&organization);
        let today = now.to_zoned_datetime(zone.clone()).date();
        let child = child_of(parent, window, today, now);
        let mut count = self.counters(&organization, now).await?;
        let reserved = slots::reserve(count.value(), &subscription.limits, today, child.run_id);
        if let Err(over) = reserved {
            let wait = SignedDuration::try_from(over.retry_after(now, &zone));
            return Ok(Next::Wait(now + wait.unwrap_or(LOOK_AGAIN)));
        }
        let made = child.create(Run::key(&child.org_slug, child.run_id))?;
        let row = self.quota_row(&child, count.value(), "RESERVED")?;
        Ok(Next::Child(vec![count.write()?, made, row], Box::new(child)))
    }
}

fn child_of(parent: &Run, window: Window, today: jiff::civil::Date, now: Timestamp) -> Run {
    let mut child = Run::new(Draft {
        run_id: child_id(parent.run_id, window),
        org_slug: parent.org_slug.clone(),
        pipeline: parent.pipeline.clone(),
        source: parent.source.clone(),
        trigger: Trigger::Backfill,
        requested_by: parent.requested_by.clone(),
        counted_on: today,
        now,
    });
    child.window = Some(window);
    child.force = parent.force;
    child.parent = Some(parent.run_id);
    child.traceparent.clone_from(&parent.traceparent);
    child.next_at = Some(now + ANNOUNCED);
    child
}

fn ended(backfill: &Backfill) -> Next {
    let done = |status: &&RunStatus| **status == RunStatus::Completed;
    let failed = backfill.ended.len() - backfill.ended.values().filter(done).count();
    if failed == 0 {
        return Next::End(RunStatus::Completed, None);
    }
    let message = format!("{failed} of {} windows did not complete", backfill.ended.len());
    Next::End(RunStatus::Failed, Some(Failure::new("windows_failed", message)))
}
