//! Data keys that take each other's place, while everything goes on.
//!
//! 1. When a key is old enough, one commit makes its successor, which seals from then on, and retires
//!    it: it goes on to open what it sealed.
//! 2. Each credential that it sealed is sealed anew, in a commit of its own.
//! 3. When none is left, it is wrapped anew, by the KMS's newest version, and is done. It stays:
//!    answers to repeated requests, which live for a day, and restored backups may need it.
//!
//! A step that was cut off is done again by the next sweep, which finds what is left by looking. All
//! of an owner's keys are wrapped by a version of the KMS's key that is not older than its newest
//! data key, so versions from before that may be disabled.

mod empty;
mod succeed;

use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{DataKey, Vault};
use crate::{
    Result,
    clock::Clock,
    entities::Organization,
    ledger::Ledger,
    store::{Collection, Held, Key, Owner, PageRequest, Store, StoreExt as _, Times},
};

/// How many keys are looked at together, and how often in one sweep.
const PAGE: usize = 20;
const PAGES: usize = 10;
/// When to come back to a key that could not be dealt with.
const LATER: SignedDuration = SignedDuration::from_mins(10);

/// Comes to data keys that are due. Cheap to clone.
#[derive(Clone)]
pub struct Rotation {
    /// Wraps, unwraps, seals and opens.
    pub vault: Arc<Vault>,
    /// Where keys and credentials are.
    pub store: Arc<dyn Store>,
    /// What gets to know.
    pub ledger: Arc<Ledger>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Keys that were replaced, emptied or both.
    pub keys: usize,
    /// Keys that could not be dealt with and come later.
    pub failed: usize,
}

impl Rotation {
    /// Deals with every key that is due at `until`.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer. A key that cannot be dealt with otherwise comes later.
    pub async fn sweep(&self, until: Timestamp) -> Result<Rotated> {
        let mut rotated = Rotated::default();
        let mut page = PageRequest { limit: PAGE, after: None };
        let times = Times { until, now: self.clock.now() };
        for _ in 0..PAGES {
            let due = self.store.find_due::<DataKey>(Collection::DataKeys, times, &page).await?;
            rotated.failed += due.unreadable;
            page.after.clone_from(&due.next);
            for held in due.items {
                let key = held.key.clone();
                match self.turn(held).await {
                    Ok(()) => rotated.keys += 1,
                    Err(error) => {
                        self.later(&key, error).await?;
                        rotated.failed += 1;
                    }
                }
            }
            if page.after.is_none() {
                break;
            }
        }
        Ok(rotated)
    }

    /// Does what is next for a key.
    async fn turn(&self, held: Held<DataKey>) -> Result<()> {
        let owner = self.owner(&held).await?;
        let retired = match held.value.retired_at {
            None => self.succeed(&owner, held).await?,
            Some(_) => held,
        };
        self.empty(&owner, retired).await
    }

    /// The owner as ledgers write it: keys of documents are in lowercase.
    async fn owner(&self, held: &Held<DataKey>) -> Result<Owner> {
        let Owner::Org(org) = &held.key.owner else { return Ok(Owner::System) };
        let key = Organization::key(org);
        let found = self.store.find::<Organization>(&key, self.clock.now()).await?;
        Ok(Owner::Org(found.map_or_else(|| org.clone(), |found| found.value.org_slug)))
    }

    /// Puts off a key that could not be dealt with. Where somebody else changes it meanwhile, it is
    /// theirs.
    async fn later(&self, key: &Key, error: crate::Error) -> Result<()> {
        let cause = format!("{:#}", anyhow::Error::from(error));
        tracing::warn!(%key, cause, "data key could not be rotated, comes later");
        if let Some(stored) = self.store.get(key).await? {
            self.store.put_off(stored, self.clock.now() + LATER).await?;
        }
        Ok(())
    }
}

impl fmt::Debug for Rotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rotation").field("vault", &self.vault).finish_non_exhaustive()
    }
}
