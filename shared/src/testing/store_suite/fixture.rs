//! Documents and keys for the cases.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    org::OrgSlug,
    store::{Collection, Document, Key, Store, StoreError, Version, Write},
};

/// A document that says `body`.
pub(super) fn says(body: Value) -> Document {
    Document { body, ..Document::default() }
}

/// A key of the deployment's jobs, whose documents nobody lists.
pub(super) fn lease(id: &str) -> Key {
    Key::system(Collection::Leases, id)
}

pub(super) fn run(org: &str, id: &str) -> anyhow::Result<Key> {
    Ok(Key::org(Collection::Runs, &OrgSlug::parse(org)?, id))
}

/// A run in a status of a pipeline.
pub(super) fn in_status(status: &str, pipeline: &str) -> Document {
    let filters = [("status", status.to_owned()), ("pipeline", pipeline.to_owned())];
    Document { body: json!({ "status": status }), filters: filters.into(), ..Document::default() }
}

/// Moments a second apart.
pub(super) fn moment(seconds: i64) -> anyhow::Result<Timestamp> {
    Ok(Timestamp::from_second(1_780_000_000 + seconds)?)
}

/// Creates one document.
pub(super) async fn create(
    store: &dyn Store,
    key: &Key,
    document: Document,
) -> anyhow::Result<Version> {
    let mut versions = store.commit(vec![Write::Create(key.clone(), document)]).await?;
    assert_eq!(versions.len(), 1);
    Ok(versions.remove(0))
}

/// What a document says now.
pub(super) async fn body(store: &dyn Store, key: &Key) -> anyhow::Result<Option<Value>> {
    Ok(store.get(key).await?.map(|stored| stored.document.body))
}

/// A commit that must fail because of `key`.
pub(super) async fn conflicts(
    store: &dyn Store,
    writes: Vec<Write>,
    key: &Key,
) -> anyhow::Result<()> {
    match store.commit(writes).await {
        Err(StoreError::Conflict(at)) => assert_eq!(&at, key, "it names the wrong write"),
        other => anyhow::bail!("no conflict at {key}: {other:?}"),
    }
    Ok(())
}
