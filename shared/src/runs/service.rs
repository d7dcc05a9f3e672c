//! What everything about runs works with.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use uuid::Uuid;

use super::{Boot, Budget, Imports, Run};
use crate::{
    Error, Result,
    claims::Claims,
    clock::Clock,
    entities::{Counters, Organization, Subscription},
    ids::Ids,
    ledger::Ledger,
    org::OrgSlug,
    pipeline::{Plans, engine::Engine},
    queue::Queue,
    store::{Collection, Entity as _, Held, Key, Store, StoreError, StoreExt as _, Write},
};

/// How often a flow begins again from fresh reads before it says that too much is going on.
const TRIES: u32 = 24;

/// Submits, executes and ends runs.
#[derive(Clone)]
pub struct Runs {
    /// Where runs are kept.
    pub store: Arc<dyn Store>,
    /// Where they are announced.
    pub queue: Arc<dyn Queue>,
    /// What tells of them.
    pub ledger: Arc<Ledger>,
    /// Gives the first answer again to those who ask twice.
    pub claims: Arc<Claims>,
    /// What can be run.
    pub plans: Arc<Plans>,
    /// What executes them.
    pub engine: Engine,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Which start of the process this is.
    pub boot: Boot,
    /// How long work on one run may take here.
    pub budget: Budget,
    /// What large imports are handed to, unless they are done here.
    pub imports: Option<Imports>,
    /// The most bytes that an upload may have.
    pub upload_bytes: u64,
}

impl fmt::Debug for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runs").field("boot", &self.boot).finish_non_exhaustive()
    }
}

impl Runs {
    /// A run, or `None`.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn find(&self, org: &OrgSlug, run_id: Uuid) -> Result<Option<Held<Run>>, StoreError> {
        self.store.find(&Run::key(org, run_id), self.clock.now()).await
    }

    /// A run.
    ///
    /// # Errors
    ///
    /// 404 where the organization has none of this id.
    pub async fn get(&self, org: &OrgSlug, run_id: Uuid) -> Result<Held<Run>> {
        let missing = || Error::NotFound(format!("there is no run `{run_id}`"));
        self.find(org, run_id).await?.ok_or_else(missing)
    }

    pub(super) async fn counters(&self, org: &Organization, now: Timestamp) -> Result<Count> {
        let key = Counters::key(&org.org_slug);
        let today = super::slots::today(org, now);
        match self.store.find::<Counters>(&key, now).await? {
            Some(held) => Ok(Count::Known(held)),
            None => Ok(Count::New(key, Counters::new(today))),
        }
    }

    pub(super) async fn subscription(&self, org: &OrgSlug, now: Timestamp) -> Result<Subscription> {
        let held = self.store.find::<Subscription>(&Subscription::key(org), now).await?;
        let missing = || anyhow::anyhow!("organization `{org}` has no subscription").into();
        held.map(|held| held.value).ok_or_else(missing)
    }

    /// An organization, whatever its state.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub async fn organization(&self, org: &OrgSlug) -> Result<Organization> {
        let key = Organization::key(org);
        let held = self.store.find::<Organization>(&key, self.clock.now()).await?;
        let missing = || Error::NotFound(format!("there is no organization `{org}`"));
        held.map(|held| held.value).ok_or_else(missing)
    }

    /// Commits, then hands the ledger rows among the writes over; what fails of that, the sweep
    /// does again. `false` where somebody else was quicker.
    pub(super) async fn commit(&self, writes: Vec<Write>) -> Result<bool> {
        match self.ledger.commit(writes).await {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict(key)) if key.collection == Collection::Claims => {
                let message = "the same request is being done by somebody else; send it again";
                Err(Error::Conflict(message.to_owned()))
            }
            Err(StoreError::Conflict(key)) if key.collection == Collection::DeadLetters => {
                Err(Error::Conflict("somebody else replayed it at the same time".to_owned()))
            }
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Commits documents that nobody else can have written.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn commit_new(&self, writes: Vec<Write>) -> Result<()> {
        Ok(self.ledger.commit(writes).await.map(drop)?)
    }

    /// Waits a little before a flow begins again; fails after many times.
    pub(super) async fn again(&self, tries: u32) -> Result<()> {
        if tries >= TRIES {
            let message = "too many runs change at once; send the request again".to_owned();
            let cause = anyhow::anyhow!("{tries} conflicts in a row");
            return Err(Error::Unavailable { message, cause });
        }
        let mut random = [0; 1];
        self.ids.fill(&mut random);
        let most = 4_u64 << tries.min(6);
        let wait = most * u64::from(random[0]) / 255;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        Ok(())
    }
}

/// Counters, whether they were there or not.
pub(super) enum Count {
    Known(Held<Counters>),
    New(Key, Counters),
}

impl Count {
    pub(super) fn value(&mut self) -> &mut Counters {
        match self {
            Self::Known(held) => &mut held.value,
            Self::New(_, counters) => counters,
        }
    }

    pub(super) fn write(&self) -> Result<Write, StoreError> {
        match self {
            Self::Known(held) => held.replace(),
            Self::New(key, counters) => counters.create(key.clone()),
        }
    }
}
