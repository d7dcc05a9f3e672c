//! Operational state: documents with atomic conditional commits.
//!
//! Firestore on Google Cloud, SQLite embedded; both pass [`crate::testing::store_suite`]. What is
//! now (keys, plans, runs, leases, answers) lives here; the warehouse's ledgers say what was.

mod absent;
#[cfg(any(feature = "embedded", feature = "google"))]
mod cursor;
mod document;
#[cfg(feature = "google")]
pub mod firestore;
mod key;
#[cfg(feature = "embedded")]
pub mod sqlite;
mod typed;

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::{
    absent::AbsentStore,
    document::{Document, Stored, Version},
    key::{Collection, Key, Owner},
    typed::{Due, Entity, Held, StoreExt, Times},
};

/// One conditional write of a commit.
#[derive(Debug, Clone)]
pub enum Write {
    /// The key must be free.
    Create(Key, Document),
    /// The document must still be of this version.
    Replace(Key, Version, Document),
    /// The document must still be of this version.
    Delete(Key, Version),
}

impl Write {
    /// The document that is written.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Create(key, _) | Self::Replace(key, _, _) | Self::Delete(key, _) => key,
        }
    }
}

/// Which documents of a collection to list.
#[derive(Debug, Clone)]
pub struct List {
    /// The collection.
    pub collection: Collection,
    /// Whose documents; `None` is everybody's, for the root key and for jobs only.
    pub owner: Option<Owner>,
    /// Declared filters that must all be equal; see [`Collection::filters`].
    pub filters: Vec<(&'static str, String)>,
    /// Page size and where to go on.
    pub page: PageRequest,
}

impl List {
    /// Fails where a filter is none that the collection declares: no backend has an index of it.
    #[cfg(any(feature = "embedded", feature = "google"))]
    fn check(&self) -> Result<(), StoreError> {
        let declared = self.collection.filters();
        match self.filters.iter().find(|(field, _)| !declared.contains(field)) {
            None => Ok(()),
            Some((field, _)) => {
                let name = self.collection.name();
                Err(StoreError::Other(anyhow::anyhow!("{name} has no filter `{field}`")))
            }
        }
    }
}

/// How much to return, and from where.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// At most so many documents.
    pub limit: usize,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// A page of documents.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The documents.
    pub items: Vec<Stored>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// Why a store call failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A condition of a commit did not hold; nothing was written.
    #[error("{0} changed meanwhile")]
    Conflict(Key),
    /// The backend cannot be reached or is overloaded; the same call may work later.
    #[error("the store is unavailable")]
    Unavailable(#[source] anyhow::Error),
    /// A page was asked for by a cursor that no page before it gave.
    #[error("the cursor is none of this list; begin again without one")]
    Cursor,
    /// A bug, or a document that cannot be read.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// A document store with atomic conditional commits.
#[async_trait]
pub trait Store: Send + Sync + fmt::Debug {
    /// The document under a key.
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError>;

    /// Does all the writes or none; returns the new version of each (a deleted document's is empty).
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] names the first write whose condition did not hold.
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError>;

    /// Documents of a collection, newest id first.
    async fn list(&self, query: &List) -> Result<Page, StoreError>;

    /// Documents of a collection, of any owner, whose `due_at` is at or before `until`, most overdue first.
    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        page: &PageRequest,
    ) -> Result<Page, StoreError>;

    /// Succeeds when the backend answers.
    async fn ping(&self) -> Result<(), StoreError>;
}

impl From<StoreError> for crate::Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::Conflict(
                "somebody else changed this at the same time; please try again".to_owned(),
            ),
            StoreError::Unavailable(cause) => {
                Self::Unavailable { message: format!("the store is unavailable: {cause}"), cause }
            }
            StoreError::Cursor => Self::invalid("cursor", error.to_string()),
            StoreError::Other(cause) => Self::Internal(cause),
        }
    }
}
