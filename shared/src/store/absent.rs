//! The store of a function that is not linked with the backend its settings name.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Collection, Key, List, Page, PageRequest, Store, StoreError, Stored, Version, Write};

/// Refuses everything, saying what to run instead: `/health` still answers.
#[derive(Debug)]
pub struct AbsentStore {
    /// The setting, as in `sqlite:./data/store.db`.
    pub url: String,
}

impl AbsentStore {
    fn refuse<T>(&self) -> Result<T, StoreError> {
        Err(StoreError::Unavailable(anyhow::anyhow!(
            "this function alone has no embedded store ({}); run `convergence serve`",
            self.url
        )))
    }
}

#[async_trait]
impl Store for AbsentStore {
    async fn get(&self, _: &Key) -> Result<Option<Stored>, StoreError> {
        self.refuse()
    }

    async fn commit(&self, _: Vec<Write>) -> Result<Vec<Version>, StoreError> {
        self.refuse()
    }

    async fn list(&self, _: &List) -> Result<Page, StoreError> {
        self.refuse()
    }

    async fn due(&self, _: Collection, _: Timestamp, _: &PageRequest) -> Result<Page, StoreError> {
        self.refuse()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.refuse()
    }
}
