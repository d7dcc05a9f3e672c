//! Leases: one holder of a thing at a time, and nobody held up for long by a holder that died.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    runs::Boot,
    store::{Entity, Held, Key, Store, StoreError, StoreExt as _, Version, Write},
};

/// Who holds a thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Holding {
    /// The holder.
    holder: Uuid,
    /// The start of the process it runs in.
    boot: Uuid,
    /// When it loses the thing.
    until: Timestamp,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    other: Map<String, Value>,
}

impl Entity for Holding {}

/// A thing that is held. It is given back by [`Lease::done`], or lost when its time is over.
#[derive(Debug)]
pub struct Lease {
    store: Arc<dyn Store>,
    key: Key,
    version: Version,
    ours: Holding,
    time: SignedDuration,
}

/// Who asks for a lease, and when.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// Unique to the asker.
    pub holder: Uuid,
    /// The start of the process that asks.
    pub boot: Boot,
    /// The time.
    pub now: Timestamp,
}

impl Lease {
    /// Takes the lease of `key` for some time; `None` while somebody else holds it.
    ///
    /// # Errors
    ///
    /// As the store.
    pub async fn take(
        store: &Arc<dyn Store>,
        key: Key,
        asking: Asking,
        time: SignedDuration,
    ) -> Result<Option<Self>, StoreError> {
        let Asking { holder, boot, now } = asking;
        let mut ours = Holding { holder, boot: boot.id, until: now + time, other: Map::new() };
        let write = match store.find::<Holding>(&key, now).await? {
            None => ours.create(key.clone())?,
            Some(held) if held.value.is_dead(boot, now) => {
                // What the dead one noted stays until somebody has settled it.
                ours.other.clone_from(&held.value.other);
                Held { value: ours.clone(), ..held }.replace()?
            }
            Some(_) => return Ok(None),
        };
        match store.commit(vec![write]).await {
            Ok(versions) => {
                let version = versions.into_iter().next().unwrap_or_default();
                Ok(Some(Self { store: store.clone(), key, version, ours, time }))
            }
            Err(StoreError::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a holder noted under a name, this one or a dead one before it.
    #[must_use]
    pub fn left(&self, name: &str) -> Option<Value> {
        self.ours.other.get(name).cloned()
    }

    /// Notes something for whoever comes after, or nothing any more; the lease's time begins anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] where somebody else holds the thing by now; as the store.
    pub async fn note(
        &mut self,
        now: Timestamp,
        name: &str,
        value: Option<Value>,
    ) -> Result<(), StoreError> {
        match value {
            Some(value) => drop(self.ours.other.insert(name.to_owned(), value)),
            None => drop(self.ours.other.remove(name)),
        }
        self.renew(now).await
    }

    /// Holds the thing for its time from now.
    ///
    /// # Errors
    ///
    /// As [`Lease::note`].
    pub async fn renew(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.ours.until = now + self.time;
        let held =
            Held { value: self.ours.clone(), key: self.key.clone(), version: self.version.clone() };
        match self.store.commit(vec![held.replace()?]).await {
            Ok(versions) => {
                self.version = versions.into_iter().next().unwrap_or_default();
                Ok(())
            }
            Err(StoreError::Conflict(_)) => {
                let lost = anyhow::anyhow!("`{}` is held by another by now", self.key);
                Err(StoreError::Unavailable(lost))
            }
            Err(error) => Err(error),
        }
    }

    /// Gives the thing back. What fails of that only makes the next holder wait.
    pub async fn done(self) {
        let delete = Write::Delete(self.key.clone(), self.version);
        if let Err(error) = self.store.commit(vec![delete]).await {
            let cause = format!("{error:#}");
            tracing::warn!(key = %self.key, cause, "a lease was not given back, it will end");
        }
    }
}

impl Holding {
    fn is_dead(&self, boot: Boot, now: Timestamp) -> bool {
        self.until <= now || (boot.alone && self.boot != boot.id)
    }
}
