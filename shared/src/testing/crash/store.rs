//! A store whose process dies after a write.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::CrashPoint;
use crate::store::{
    Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write,
};

/// The documents of another store, reached by a process that dies. A commit is one write.
#[derive(Debug)]
pub struct CrashingStore {
    inner: Arc<dyn Store>,
    point: CrashPoint,
}

impl CrashingStore {
    /// `inner` until `point`.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>, point: CrashPoint) -> Self {
        Self { inner, point }
    }
}

#[async_trait]
impl Store for CrashingStore {
    async fn get(&self, key: &Key) -> Result<Option<Stored>, StoreError> {
        self.point.alive().await;
        self.inner.get(key).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        self.point.alive().await;
        let versions = self.inner.commit(writes).await?;
        self.point.wrote().await;
        Ok(versions)
    }

    async fn list(&self, query: &List) -> Result<Page, StoreError> {
        self.point.alive().await;
        self.inner.list(query).await
    }

    async fn due(
        &self,
        collection: Collection,
        until: Timestamp,
        page: &PageRequest,
    ) -> Result<Page, StoreError> {
        self.point.alive().await;
        self.inner.due(collection, until, page).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.point.alive().await;
        self.inner.ping().await
    }
}
