//! A store that somebody stands before: to count, to hold up, to refuse, to die.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::store::{
    Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write,
};

/// What a store is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// A document.
    Get(&'a Key),
    /// Writes, all or none.
    Commit(&'a [Write]),
    /// A list of documents, those that are due, or whether it answers.
    Other,
}

/// Who stands before a store.
#[async_trait]
pub trait Watch: fmt::Debug + Send + Sync {
    /// Before the store is asked.
    ///
    /// # Errors
    ///
    /// Those that the caller is to get instead of an answer.
    async fn before(&self, _asked: Asked<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    /// After it answered well.
    ///
    /// # Errors
    ///
    /// Those that the caller is to get instead of this answer.
    async fn after(&self, _asked: Asked<'_>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The documents of another store.
#[derive(Debug)]
pub struct WatchedStore<W> {
    /// That store.
    pub inner: Arc<dyn Store>,
    /// Who stands before it.
    pub watch: W,
}

#[async_trait]
impl<W: Watch> Store for WatchedStore<W> {
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.watch.before(Asked::Get(key)).await?;
        let found = self.inner.get(key).await?;
        self.watch.after(Asked::Get(key)).await?;
        Ok(found)
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        self.watch.before(Asked::Commit(&writes)).await?;
        let versions = self.inner.commit(writes.clone()).await?;
        self.watch.after(Asked::Commit(&writes)).await?;
        Ok(versions)
    }

    async fn list(&self, query: &List) -> Result<Page, StoreError> {
        self.watch.before(Asked::Other).await?;
        self.inner.list(query).await
    }

    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        page: &PageRequest,
    ) -> Result<Page, StoreError> {
        self.watch.before(Asked::Other).await?;
        self.inner.due(collection, until, page).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.watch.before(Asked::Other).await?;
        self.inner.ping().await
    }
}
