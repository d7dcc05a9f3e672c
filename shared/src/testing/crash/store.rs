//! A store whose process dies after a write.

use std::sync::Arc;

use async_trait::async_trait;

use super::CrashPoint;
use crate::{
    store::{Store, StoreError},
    testing::{Asked, Watch, WatchedStore},
};

/// The documents of another store, reached by a process that dies. A commit is one write.
pub type CrashingStore = WatchedStore<CrashPoint>;

impl CrashingStore {
    /// `inner` until `point`.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>, point: CrashPoint) -> Self {
        Self { inner, watch: point }
    }
}

#[async_trait]
impl Watch for CrashPoint {
    async fn before(&self, _asked: Asked<'_>) -> Result<(), StoreError> {
        self.alive().await;
        Ok(())
    }

    async fn after(&self, asked: Asked<'_>) -> Result<(), StoreError> {
        if let Asked::Commit(_) = asked {
            self.wrote().await;
        }
        Ok(())
    }
}
