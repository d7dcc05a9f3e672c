//! Firestore: documents on Google Cloud. A commit is one round trip, with a condition per write.
//!
//! The protocol is spoken directly (`gcloud-sdk` is Google's own definition of it, generated): which
//! status a call ended with decides whether it is tried again, and the crates above it hide that.

mod address;
mod client;
mod commit;
mod document;
mod indexes;
mod judge;
mod limits;
mod query;
mod tries;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::indexes::{FieldConfig, Index, IndexField, Order, fields, indexes};
use self::{address::Database, client::Client, tries::again};
use super::{
    Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write,
    cursor::{DueUntil, ListedUntil, page},
};
use crate::{google::Access, ids::Ids, settings::BackendUrl};

/// A database of Firestore: `firestore://{project}/{database}`, where a project's first database is
/// called `(default)`.
///
/// Of a key, collection and field names are as [`Collection`] says; a document is named
/// `{owner}~{id}`. Its fields are `owner`, `id`, the declared filters, `due_at` and `expire_at`,
/// which are found by, and `body`, `commit` and `over`, which are not.
pub struct FirestoreStore {
    client: Client,
    ids: Arc<dyn Ids>,
}

impl FirestoreStore {
    /// Names the database; nothing is asked of it yet.
    ///
    /// # Errors
    ///
    /// Fails where the URL names no database.
    pub fn new(url: &BackendUrl, access: Access, ids: Arc<dyn Ids>) -> anyhow::Result<Self> {
        Ok(Self { client: Client::new(Database::of(url)?, access), ids })
    }

    async fn query(&self, query: &query::Query) -> Result<Vec<Stored>, StoreError> {
        let collection = query.collection;
        let found =
            again(self.client.waits(), || self.client.query(query.structured.clone())).await?;
        found.iter().map(|document| document::read(collection, document)).collect()
    }
}

impl fmt::Debug for FirestoreStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = self.client.database();
        f.debug_struct("FirestoreStore").field("database", database).finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for FirestoreStore {
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        let name = self.client.database().document(key)?;
        let found = again(self.client.waits(), || self.client.get(name.clone())).await?;
        let stored = found.map(|found| document::read(key.collection, &found)).transpose()?;
        Ok(stored.map(|stored| Stored { key: key.clone(), ..stored }))
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        commit::commit(&self.client, &*self.ids, &writes).await
    }

    async fn list(&self, query: &List) -> Result<Page, StoreError> {
        let found = self.query(&query::list(self.client.database(), query)?).await?;
        Ok(page(found, query.page.limit, ListedUntil::write))
    }

    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        request: &PageRequest,
    ) -> Result<Page, StoreError> {
        let query = query::due(self.client.database(), collection, until, request)?;
        Ok(page(self.query(&query).await?, request.limit, DueUntil::write))
    }

    /// Asks once: whether it answers now is the question.
    async fn ping(&self) -> Result<(), StoreError> {
        let name = self.client.database().document(&Key::system(Collection::Leases, "ping"))?;
        self.client.get(name).await.map(drop).map_err(|status| tries::failed(&status))
    }
}
