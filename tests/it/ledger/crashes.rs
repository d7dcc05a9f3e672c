//! Delivery that is cut off after any write: every row gets there, and counts once.

use std::{collections::BTreeSet, sync::Arc};

use convergence::{
    clock::Clock as _,
    configs::Configs,
    ledger::Ledger,
    store::{Collection, Document, Key, Owner, Store, Write},
    testing::{CrashPoint, CrashingStore, CrashingWarehouse},
    warehouse::Warehouse,
};
use integration_tests::TestIds;
use jiff::SignedDuration;
use serde_json::json;

use super::{World, acme, api_key, quota};

/// Another process on the same backends, which dies at a point.
fn dying(world: &World, point: &CrashPoint) -> (Arc<dyn Store>, Ledger) {
    let store: Arc<dyn Store> = Arc::new(CrashingStore::new(world.store.clone(), point.clone()));
    let warehouse: Arc<dyn Warehouse> =
        Arc::new(CrashingWarehouse::new(world.warehouse.clone(), point.clone()));
    let clock = world.clock.clone();
    let ids = Arc::new(TestIds::new(clock.clone()));
    let ledger = Ledger::new(store.clone(), warehouse, clock, ids, &Configs::embedded()).unwrap();
    (store, ledger)
}

/// Commits two rows of one table and one of another together, then delivers them.
async fn flow(store: &dyn Store, ledger: &Ledger) -> Vec<Key> {
    let owner = Owner::Org(acme());
    let rows = vec![
        ledger.write(&owner, &quota(1)).unwrap(),
        ledger.write(&owner, &quota(2)).unwrap(),
        ledger.write(&owner, &api_key()).unwrap(),
    ];
    let keys: Vec<Key> = rows.iter().map(|row| row.key().clone()).collect();
    store.commit(rows).await.unwrap();
    ledger.deliver(&keys).await;
    keys
}

async fn distinct(world: &World, table: &str) -> (usize, usize) {
    let ids = world.table(table, "row_id").await;
    (ids.len(), ids.iter().collect::<BTreeSet<_>>().len())
}

#[tokio::test]
async fn rows_whose_delivery_dies_after_any_write_all_get_there_and_count_once() {
    for at in 1.. {
        let world = World::new().await;
        world.bootstrap().await;
        let point = CrashPoint::after(at);
        let (store, ledger) = dying(&world, &point);
        let ended = point.run(flow(&*store, &ledger)).await.is_some();
        world.clock.advance(SignedDuration::from_mins(1));
        world.ledger.sweep(world.clock.now()).await.unwrap();
        assert_eq!(world.waiting(Collection::Outbox).await, 0, "after write {at}");
        let (quotas, keys) =
            (distinct(&world, "org_usage_quotas").await, distinct(&world, "org_api_keys").await);
        assert_eq!((quotas.1, keys.1), (2, 1), "after write {at}");
        let twice = quotas.0 - quotas.1 + keys.0 - keys.1;
        assert!(twice <= 2, "only what was not forgotten yet comes twice, not {twice}");
        if ended {
            assert_eq!((point.writes(), twice), (5, 0), "two tables: two appends, two deletes");
            break;
        }
    }
}

#[tokio::test]
async fn a_sweep_that_dies_after_any_write_is_gone_on_with_by_the_next() {
    let world = World::new().await;
    world.bootstrap().await;
    for at in 1..=4 {
        world.commit(&quota(1)).await;
        world.commit(&api_key()).await;
        world.clock.advance(SignedDuration::from_mins(1));
        let point = CrashPoint::after(at);
        let (_, ledger) = dying(&world, &point);
        point.run(ledger.sweep(world.clock.now())).await;
        assert_eq!(point.writes(), at);
        world.ledger.sweep(world.clock.now()).await.unwrap();
        assert_eq!(world.waiting(Collection::Outbox).await, 0, "after write {at}");
        assert_eq!(distinct(&world, "org_usage_quotas").await.1, at);
        assert_eq!(distinct(&world, "org_api_keys").await.1, at);
    }
}

#[tokio::test]
async fn two_sweeps_at_the_same_time_leave_each_row_counted_once() {
    let world = World::new().await;
    world.bootstrap().await;
    for n in 0..40 {
        world.commit(&quota(n)).await;
    }
    world.clock.advance(SignedDuration::from_mins(1));
    let now = world.clock.now();
    let (one, two) = tokio::join!(world.ledger.sweep(now), world.ledger.sweep(now));
    assert!(one.unwrap().max(two.unwrap()) == 40);
    assert_eq!(world.waiting(Collection::Outbox).await, 0);
    assert_eq!(distinct(&world, "org_usage_quotas").await.1, 40);
}

#[tokio::test]
async fn a_document_that_is_no_row_blocks_no_page() {
    let world = World::new().await;
    world.bootstrap().await;
    let key = Key::system(Collection::Outbox, "0");
    let odd = Document { body: json!(7), due_at: Some(world.clock.now()), ..Document::default() };
    world.store.commit(vec![Write::Create(key.clone(), odd)]).await.unwrap();
    world.commit(&quota(1)).await;
    world.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(world.ledger.sweep(world.clock.now()).await.unwrap(), 2);
    assert_eq!(world.table("org_usage_quotas", "day_runs").await, ["1"]);
    let kept = world.store.get(&key).await.unwrap().unwrap().document;
    assert_eq!(kept.body, json!(7));
    assert!(kept.due_at.unwrap() > world.clock.now());
}
