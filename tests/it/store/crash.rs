//! Dying after each write: what was written is there, and nothing after it.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    org::{Env, OrgSlug},
    store::{Collection, Document, Key, Store, StoreError, Write, sqlite::SqliteStore},
    testing::{CrashPoint, CrashingStore, CrashingWarehouse},
    warehouse::{
        Dataset, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};

fn key(id: &str) -> Key {
    Key::system(Collection::Leases, id)
}

async fn create(store: &dyn Store, id: &str) -> Result<(), StoreError> {
    store.commit(vec![Write::Create(key(id), Document::default())]).await.map(drop)
}

/// Two documents with a dataset between them.
async fn flow(store: &dyn Store, warehouse: &dyn Warehouse, org: &Dataset) -> anyhow::Result<()> {
    create(store, "before").await?;
    warehouse.create_dataset(org, &BTreeMap::new()).await?;
    create(store, "after").await?;
    Ok(())
}

#[tokio::test]
async fn a_flow_is_cut_off_after_each_of_its_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("warehouse.duckdb");
    let options = DuckDbOptions { path, env: Env::Local, memory_limit: "64MB".into(), threads: 1 };
    let warehouse: Arc<dyn Warehouse> = Arc::new(DuckDb::open(&options).unwrap());
    let org = Dataset::Org(OrgSlug::parse("acme").unwrap());
    for n in 0..=4 {
        let path = folder.path().join(format!("store-{n}.db"));
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path).unwrap());
        warehouse.drop_dataset(&org).await.unwrap();
        let point = if n == 0 { CrashPoint::never() } else { CrashPoint::after(n) };
        let dying = CrashingStore::new(store.clone(), point.clone());
        let dying_too = CrashingWarehouse::new(warehouse.clone(), point.clone());
        let ended = point.run(flow(&dying, &dying_too, &org)).await;
        let whole = n == 0 || n == 4;
        assert_eq!((ended.is_some(), point.is_dead()), (whole, !whole), "after {n} writes");
        assert_eq!(point.writes(), if whole { 3 } else { n });
        assert!(store.get(&key("before")).await.unwrap().is_some());
        let made = warehouse.dataset_labels(&org).await.unwrap().is_some();
        assert_eq!(made, whole || n >= 2);
        assert_eq!(store.get(&key("after")).await.unwrap().is_some(), whole || n == 3);
        if !whole {
            assert!(point.run(dying.ping()).await.is_none(), "the dead answer nothing");
        }
    }
}

#[tokio::test]
async fn a_refused_write_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db")).unwrap());
    let point = CrashPoint::after(2);
    let dying = CrashingStore::new(store, point.clone());
    create(&dying, "one").await.unwrap();
    create(&dying, "one").await.unwrap_err();
    assert_eq!(point.writes(), 1);
    assert!(point.run(create(&dying, "two")).await.is_none());
}
