//! Answers that are kept as long as an organization's data stays as it is.

use bytes::Bytes;
use moka::future::Cache;

use crate::{
    org::OrgSlug,
    store::{Collection, Key, Store, StoreError},
};

/// How many bytes of answers a process keeps.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Answers as JSON, under organization, version of its data, and question.
#[derive(Debug, Clone)]
pub(super) struct Answers(Cache<String, Bytes>);

impl Answers {
    pub(super) fn new() -> Self {
        let weigher = |key: &String, answer: &Bytes| {
            u32::try_from(key.len() + answer.len()).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(weigher).build())
    }

    pub(super) async fn get(&self, key: &str) -> Option<Bytes> {
        self.0.get(key).await
    }

    pub(super) async fn put(&self, key: String, answer: Bytes) {
        self.0.insert(key, answer).await;
    }
}

/// Changes whenever data of the organization was replaced. It is read *before* a question is
/// asked: an answer may be newer than its version, never older.
pub(super) async fn data_version(store: &dyn Store, org: &OrgSlug) -> Result<String, StoreError> {
    let stored = store.get(&Key::org(Collection::DataVersion, org, "current")).await?;
    Ok(stored.map(|stored| stored.version.0).unwrap_or_default())
}
