//! Every call of every operation fails in turn.

use convergence::store::{
    Collection, Document, List, PageRequest, Store as _, StoreError, Version,
};
use integration_tests::faults::Fault;
use jiff::Timestamp;

use super::world::{World, create, delete, key, replace, said, says};

/// What may pass, each as a status of gRPC, and an answer that gets lost.
const PASSING: [Fault; 6] = [
    Fault::UNAVAILABLE,
    Fault::THROTTLED,
    Fault::ABORTED,
    Fault::Answer { status: 500, reason: "internal" },
    Fault::Answer { status: 504, reason: "deadline" },
    Fault::Lost,
];

fn everything() -> List {
    let page = PageRequest { limit: 10, after: None };
    List { collection: Collection::Leases, owner: None, filters: Vec::new(), page }
}

#[tokio::test]
async fn reads_succeed_when_they_are_tried_again() {
    let Some(world) = World::hurried().await else { return };
    let due_at = Some(Timestamp::UNIX_EPOCH);
    let document = Document { due_at, ..says("made") };
    let write = convergence::store::Write::Create(key("one"), document.clone());
    world.other.commit(vec![write]).await.unwrap();
    for fault in PASSING {
        world.faults.clear();
        for call in ["BatchGetDocuments", "RunQuery"] {
            world.faults.nth(call, 0, fault);
        }
        world.faults.nth("RunQuery", 2, fault);
        let stored = world.store.get(&key("one")).await.unwrap().unwrap();
        assert_eq!(stored.document, document);
        assert_eq!(
            world.store.list(&everything()).await.unwrap().items,
            std::slice::from_ref(&stored)
        );
        let page = PageRequest { limit: 10, after: None };
        let due = world.store.due(Collection::Leases, Timestamp::UNIX_EPOCH, &page).await;
        assert_eq!(due.unwrap().items, [stored]);
        assert_eq!(world.faults.injected(), 3, "{fault:?}");
    }
}

#[tokio::test]
async fn commits_succeed_once_whatever_call_of_theirs_fails() {
    let Some(world) = World::hurried().await else { return };
    for (round, fault) in PASSING.into_iter().enumerate() {
        for n in 0.. {
            let id = |name: &str| format!("{name}-{round}-{n}");
            let (new, old, gone) = (id("new"), id("old"), id("gone"));
            let (kept, last) = (world.make(&old).await, world.make(&gone).await);
            world.faults.clear();
            // The first attempt fails, so that there is something to look at; then the n-th call.
            world.faults.nth("Commit", 0, fault);
            world.faults.nth("", n + 1, fault);
            let writes =
                vec![create(&new, "mine"), replace(&old, &kept, "mine"), delete(&gone, &last)];
            let versions = world.store.commit(writes).await.unwrap();
            for (id, version) in [&new, &old].into_iter().zip(versions) {
                assert_eq!(said(world.now(id).await), Some(("mine".into(), version)), "{fault:?}");
            }
            assert_eq!(world.now(&gone).await, None);
            if world.faults.injected() < 2 {
                break;
            }
        }
    }
}

#[tokio::test]
async fn what_stays_away_is_unavailable_after_a_while_and_nothing_is_written() {
    let Some(world) = World::hurried().await else { return };
    let old = world.make("old").await;
    world.faults.always("", Fault::UNAVAILABLE);
    let page = PageRequest { limit: 10, after: None };
    let (key, writes) = (key("old"), vec![replace("old", &old, "mine"), create("new", "mine")]);
    let everything = everything();
    let (got, committed, listed, due) = tokio::join!(
        world.store.get(&key),
        world.store.commit(writes),
        world.store.list(&everything),
        world.store.due(Collection::Runs, Timestamp::UNIX_EPOCH, &page),
    );
    let errors = [got.map(drop), committed.map(drop), listed.map(drop), due.map(drop)];
    for error in errors.map(Result::unwrap_err) {
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        let told = convergence::Error::from(error).to_string();
        assert_eq!(told, "the store is unavailable: Firestore does not answer");
    }
    assert!(world.faults.calls().len() <= 4 * 6 + 6, "{}", world.faults.calls().len());
    assert_eq!(said(world.now("old").await), Some(("made".into(), old)));
    assert_eq!(world.now("new").await, None);
}

#[tokio::test]
async fn what_will_never_work_is_not_tried_again() {
    let Some(world) = World::hurried().await else { return };
    world.faults.always("", Fault::DENIED);
    let refused = world.store.get(&key("one")).await.unwrap_err();
    assert_eq!(
        format!("{:#}", anyhow::Error::from(refused)),
        "Firestore refuses: PermissionDenied: accessDenied"
    );
    let refused: Result<Vec<Version>, _> = world.store.commit(vec![create("one", "x")]).await;
    assert!(matches!(refused, Err(StoreError::Other(_))), "{refused:?}");
    assert_eq!(world.faults.calls().len(), 2);
}
