//! What SQLite does beside what every store does.

use std::{path::Path, sync::Arc};

use convergence::{
    store::{
        Collection, Document, Key, Store as _, StoreError, Version, Write, sqlite::SqliteStore,
    },
    testing::store_suite,
};
use serde_json::json;

fn open(folder: &Path) -> anyhow::Result<SqliteStore> {
    SqliteStore::open(&folder.join("deep").join("store.db"))
}

fn document(n: usize) -> Document {
    Document { body: json!(n), ..Document::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    store_suite(Arc::new(open(folder.path()).unwrap())).await.unwrap();
}

#[tokio::test]
async fn documents_and_versions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let key = Key::system(Collection::Leases, "sweep");
    let store = open(folder.path()).unwrap();
    let first =
        store.commit(vec![Write::Create(key.clone(), document(1))]).await.unwrap().remove(0);
    drop(store);
    let store = open(folder.path()).unwrap();
    let stored = store.get(&key).await.unwrap().unwrap();
    assert_eq!((stored.document, &stored.version), (document(1), &first));
    // A version of the time before is never given again.
    store.commit(vec![Write::Delete(key.clone(), first.clone())]).await.unwrap();
    let again = store.commit(vec![Write::Create(key.clone(), document(1))]).await.unwrap();
    assert_ne!(again[0], first);
}

#[test]
fn a_second_opener_is_told_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let refused = open(folder.path()).unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    assert!(refused.contains("store.db"), "{refused}");
    drop(store);
    open(folder.path()).unwrap();
}

#[test]
fn a_file_that_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(&path, "not a database ".repeat(500)).unwrap();
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(format!("{refused:#}").contains("store.db"), "{refused:#}");
}

#[tokio::test]
async fn versions_of_other_backends_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let key = Key::system(Collection::Leases, "sweep");
    store.commit(vec![Write::Create(key.clone(), document(1))]).await.unwrap();
    for version in ["", "1x", "-1", "2026-01-01T00:00:00Z", "99999999999999999999"] {
        let write = Write::Delete(key.clone(), Version(version.to_owned()));
        let refused = store.commit(vec![write]).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{version}: {refused:?}");
    }
}
