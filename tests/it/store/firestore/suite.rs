//! What every store does, with and without faults on the way.

use convergence::{store::Store as _, testing::store_suite};
use integration_tests::faults::Fault;

use super::world::{World, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_suite() {
    let Some(world) = World::new().await else { return };
    store_suite(world.other).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_suite_while_calls_are_refused_on_the_way() {
    let Some(world) = World::new().await else { return };
    world.store.ping().await.unwrap();
    let faults = [Fault::UNAVAILABLE, Fault::THROTTLED, Fault::ABORTED];
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
    assert_eq!(world.faults.calls(), ["POST /google.firestore.v1.Firestore/GetDocument"]);
    // Nobody listens there: opening is no mistake yet, asking is.
    let nowhere = open("firestore://demo/(default)", "127.0.0.1:9").unwrap();
    let refused = nowhere.ping().await.unwrap_err();
    assert_eq!(refused.to_string(), "the store is unavailable");
}
