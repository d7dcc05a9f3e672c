//! What every store does, with and without faults on the way.

use convergence::{
    store::{Store as _, StoreError},
    testing::store_suite,
};
use integration_tests::faults::Fault;

use super::world::{World, create, key, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_suite() {
    let Some(world) = World::new().await else { return };
    store_suite(world.other).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_suite_while_calls_are_refused_on_the_way() {
    let Some(world) = World::new().await else { return };
    world.store.ping().await.unwrap();
    // What is unavailable may have been done: in the suite's races nobody can tell then, and saying so is right.
    let faults = [Fault::THROTTLED, Fault::ABORTED];
    for (at, fault) in (10..1500).step_by(30).zip(faults.into_iter().cycle()) {
        world.faults.nth("", at, fault);
    }
    store_suite(world.store.clone()).await.unwrap();
    assert!(world.faults.injected() > 10, "{}", world.faults.injected());
}

#[tokio::test]
async fn nothing_is_asked_before_it_is_needed() {
    let Some(world) = World::new().await else { return };
    assert!(world.faults.calls().is_empty());
    world.store.ping().await.unwrap();
    assert_eq!(world.faults.calls(), ["POST /google.firestore.v1.Firestore/BatchGetDocuments"]);
    // Nobody listens there: opening is no mistake yet, asking is.
    let nowhere = open("firestore://demo/(default)", "127.0.0.1:9").unwrap();
    let refused = nowhere.ping().await.unwrap_err();
    assert_eq!(refused.to_string(), "the store is unavailable");
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_no_empty_one() {
    let Some(world) = World::new().await else { return };
    world.faults.always("", Fault::Answer { status: 404, reason: "no such database" });
    for refused in [world.store.ping().await, world.store.get(&key("one")).await.map(drop)] {
        assert!(matches!(refused, Err(StoreError::Other(_))), "{refused:?}");
    }
    let refused = world.store.commit(vec![create("one", "x")]).await.unwrap_err();
    assert_eq!(refused.to_string(), "Firestore refuses");
}
