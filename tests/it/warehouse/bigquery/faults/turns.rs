//! Each call of each operation fails once: it is done all the same, and done once.

use std::collections::BTreeSet;

use convergence::warehouse::{Warehouse as _, WarehouseError};
use integration_tests::faults::Fault;

use super::{
    calls::{CALLS, is},
    operation::{Operation, World, acme, replace},
};

/// The calls of an operation that nothing stands in the way of.
async fn calls_of(world: &mut World, operation: Operation) -> Vec<String> {
    world.begin();
    world.does(operation, &format!("{operation:?}")).await.unwrap();
    world.faults.calls()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_of_each_operation_may_fail_once_and_it_is_done_once() {
    let Some(mut world) = World::new().await else { return };
    let mut met = BTreeSet::new();
    for operation in Operation::ALL {
        let calls = calls_of(&mut world, operation).await;
        assert!(!calls.is_empty(), "{operation:?} asks nothing");
        for (n, call) in calls.iter().enumerate() {
            for (nth, fault) in [Fault::THROTTLED, Fault::UNAVAILABLE].into_iter().enumerate() {
                world.begin();
                world.faults.nth("", n, fault);
                let done = world.does(operation, &format!("{operation:?}_{n}_{nth}")).await;
                if let Err(error) = done {
                    panic!("{operation:?}: {fault:?} at {n} ({call}): {error:?}");
                }
                assert_eq!(world.faults.injected(), 1, "{operation:?}: {call} never came");
            }
        }
        met.extend(calls);
        world.holds().await.unwrap();
    }
    for (method, call) in CALLS {
        // Only jobs that take their time are stopped: see `waiting`.
        let found = method == "cancel_job" || met.iter().any(|met| is(met, call));
        assert!(found, "no operation calls {method}: {met:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_passes_is_said_and_changes_nothing() {
    let Some(world) = World::new().await else { return };
    for (call, fault) in [
        ("/jobs", Fault::THROTTLED),
        ("/jobs", Fault::UNAVAILABLE),
        ("/jobs", Fault::DENIED),
        ("/tables", Fault::UNAVAILABLE),
        ("CreateWriteStream", Fault::DENIED),
        ("AppendRows", Fault::DENIED),
    ] {
        world.faults.clear();
        world.faults.always(call, fault);
        let refused = replace(&world.warehouse, "charges", 5).await.unwrap_err();
        let unavailable = matches!(refused, WarehouseError::Unavailable(_));
        assert_eq!(unavailable, fault != Fault::DENIED, "{call}: {refused:?}");
        world.faults.clear();
        world.holds().await.unwrap_or_else(|error| panic!("{call} left something: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_denied_is_not_made_again() {
    let Some(world) = World::new().await else { return };
    world.faults.always("", Fault::DENIED);
    let denied = world.warehouse.dataset_labels(&acme()).await;
    assert!(matches!(denied, Err(WarehouseError::Other(_))), "{denied:?}");
    assert_eq!(world.faults.calls().len(), 1);
}
