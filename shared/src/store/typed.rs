//! Documents as Rust types.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Collection, Document, Key, Page, PageRequest, Store, StoreError, Stored, Version, Write,
};

/// How long a document waits that cannot be read.
const UNREADABLE: SignedDuration = SignedDuration::from_hours(1);

/// A type that is kept as a document.
///
/// Such a struct ends with `#[serde(flatten)] pub other: serde_json::Map<String, Value>`, so that
/// members written by a newer version survive being written back by this one.
pub trait Entity: Serialize + DeserializeOwned + Send + Sync {
    /// Values of the collection's declared filters.
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::new()
    }

    /// The least of all reasons to come back to it.
    fn due_at(&self) -> Option<Timestamp> {
        None
    }

    /// From when on it counts as absent.
    fn expire_at(&self) -> Option<Timestamp> {
        None
    }

    /// As a document.
    ///
    /// # Errors
    ///
    /// Fails when the type does not serialize, which is a bug.
    fn document(&self) -> Result<Document, StoreError> {
        Ok(Document {
            body: serde_json::to_value(self).context("cannot write a document")?,
            filters: self.filters(),
            due_at: self.due_at(),
            expire_at: self.expire_at(),
        })
    }

    /// The write that creates it.
    ///
    /// # Errors
    ///
    /// As [`Entity::document`].
    fn create(&self, key: Key) -> Result<Write, StoreError> {
        Ok(Write::Create(key, self.document()?))
    }
}

/// A typed document with where it is and its version.
#[derive(Debug, Clone)]
pub struct Held<T> {
    /// Where it is.
    pub key: Key,
    /// Which version this is.
    pub version: Version,
    /// What it says.
    pub value: T,
}

impl<T: Entity> Held<T> {
    /// Reads a stored document.
    ///
    /// # Errors
    ///
    /// Fails when the body is not of this type.
    pub fn read(stored: Stored) -> Result<Self, StoreError> {
        let value = serde_json::from_value(stored.document.body)
            .with_context(|| format!("document {} cannot be read", stored.key))?;
        Ok(Self { key: stored.key, version: stored.version, value })
    }

    /// The write that puts `self.value` back, if nobody wrote meanwhile.
    ///
    /// # Errors
    ///
    /// As [`Entity::document`].
    pub fn replace(&self) -> Result<Write, StoreError> {
        Ok(Write::Replace(self.key.clone(), self.version.clone(), self.value.document()?))
    }

    /// As it is stored, whatever was changed of `self.value`.
    ///
    /// # Errors
    ///
    /// As [`Entity::document`].
    pub fn stored(&self) -> Result<Stored, StoreError> {
        let (key, version) = (self.key.clone(), self.version.clone());
        Ok(Stored { key, version, document: self.value.document()? })
    }

    /// The write that deletes it, if nobody wrote meanwhile.
    #[must_use]
    pub fn delete(&self) -> Write {
        Write::Delete(self.key.clone(), self.version.clone())
    }
}

/// Typed reads over any store.
#[expect(
    async_fn_in_trait,
    reason = "called on concrete and dyn stores alike, never made into an object"
)]
pub trait StoreExt {
    /// The document under a key, unless it is absent or expired at `now`.
    async fn find<T: Entity>(
        &self,
        key: &Key,
        now: Timestamp,
    ) -> Result<Option<Held<T>>, StoreError>;

    /// A page of documents that are due, most overdue first. What cannot be read is
    /// said in the log and comes again in an hour, so that it blocks no page.
    async fn find_due<T: Entity>(
        &self,
        collection: Collection,
        times: Times,
        page: &PageRequest,
    ) -> Result<Due<T>, StoreError>;

    /// Lets a document come again at a time. Whoever changed it meanwhile has said when it comes.
    async fn put_off(&self, stored: Stored, to: Timestamp) -> Result<(), StoreError>;
}

/// What is due, and when.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// Documents that come by then.
    pub until: Timestamp,
    /// What time it is.
    pub now: Timestamp,
}

/// Documents that are due.
#[derive(Debug)]
pub struct Due<T> {
    /// Those that can be read.
    pub items: Vec<Held<T>>,
    /// How many cannot.
    pub unreadable: usize,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl<S: Store + ?Sized> StoreExt for S {
    async fn find<T: Entity>(
        &self,
        key: &Key,
        now: Timestamp,
    ) -> Result<Option<Held<T>>, StoreError> {
        let live = |stored: &Stored| stored.document.expire_at.is_none_or(|end| end > now);
        self.get(key).await?.filter(live).map(Held::read).transpose()
    }

    async fn find_due<T: Entity>(
        &self,
        collection: Collection,
        Times { until, now }: Times,
        page: &PageRequest,
    ) -> Result<Due<T>, StoreError> {
        let Page { items, next } = self.due(collection, until, page).await?;
        let mut due = Due { items: Vec::new(), unreadable: 0, next };
        for stored in items {
            match Held::read(stored.clone()) {
                Ok(held) => due.items.push(held),
                Err(error) => {
                    let cause = format!("{:#}", anyhow::Error::from(error));
                    tracing::error!(key = %stored.key, cause, "a document cannot be read, comes again");
                    due.unreadable += 1;
                    self.put_off(stored, now + UNREADABLE).await?;
                }
            }
        }
        Ok(due)
    }

    async fn put_off(&self, stored: Stored, to: Timestamp) -> Result<(), StoreError> {
        let document = Document { due_at: Some(to), ..stored.document };
        match self.commit(vec![Write::Replace(stored.key, stored.version, document)]).await {
            Ok(_) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Page {
    /// Every document of the page, typed.
    ///
    /// # Errors
    ///
    /// Fails with the first that is not of this type.
    pub fn read<T: Entity>(self) -> Result<Vec<Held<T>>, StoreError> {
        self.items.into_iter().map(Held::read).collect()
    }
}
