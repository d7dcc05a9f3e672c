//! Documents as Rust types.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::{Document, Key, Page, Store, StoreError, Stored, Version, Write};

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
