//! A conflict names the write that failed, although Firestore answers one status for all.

use convergence::store::{Store as _, StoreError, Version};

use super::world::{World, create, delete, key, replace, said};

fn at(refused: Result<Vec<Version>, StoreError>) -> String {
    match refused {
        Err(StoreError::Conflict(key)) => key.id,
        other => panic!("no conflict: {other:?}"),
    }
}

#[tokio::test]
async fn the_first_write_whose_condition_does_not_hold_is_named() {
    let Some(world) = World::new().await else { return };
    let (old, kept) = (world.make("moved").await, world.make("kept").await);
    let new = world.other.commit(vec![replace("moved", &old, "moved")]).await.unwrap().remove(0);
    let (good, stale) = (replace("kept", &kept, "lost"), replace("moved", &old, "lost"));
    let (taken, gone) = (create("taken", "lost"), delete("absent", &new));
    world.make("taken").await;
    for (writes, named) in [
        (vec![good.clone(), stale.clone(), gone.clone()], "moved"),
        (vec![gone.clone(), stale.clone(), good.clone()], "absent"),
        (vec![create("free", "lost"), taken.clone(), stale], "taken"),
        (vec![good, gone, taken], "absent"),
    ] {
        assert_eq!(at(world.store.commit(writes).await), named);
    }
    assert_eq!(said(world.now("kept").await), Some(("made".into(), kept)));
    assert_eq!(world.now("free").await, None);
}

#[tokio::test]
async fn a_version_of_another_store_never_holds() {
    let Some(world) = World::new().await else { return };
    world.make("one").await;
    for version in ["", "7", "a.b", "1.2.3", "1780000000.000000000"] {
        let version = Version(version.to_owned());
        let writes = vec![create("two", "lost"), replace("one", &version, "lost")];
        assert_eq!(at(world.store.commit(writes).await), "one");
        let writes = vec![create("one", "lost"), delete("two", &version)];
        assert_eq!(at(world.store.commit(writes).await), "one", "an earlier write is named");
    }
    assert_eq!(world.now("two").await, None);
}

#[tokio::test]
async fn what_is_no_conflict_any_more_when_it_is_looked_at_is_done() {
    let Some(world) = World::new().await else { return };
    let version = world.make("taken").await;
    let done = world
        .commit_while(None, vec![create("taken", "mine")], || async {
            world.other.commit(vec![delete("taken", &version)]).await.unwrap();
        })
        .await;
    assert_eq!(said(world.now("taken").await), Some(("mine".into(), done.unwrap().remove(0))));
}

#[tokio::test]
async fn a_commit_that_was_refused_can_be_tried_from_a_fresh_read() {
    let Some(world) = World::new().await else { return };
    let old = world.make("one").await;
    world.other.commit(vec![replace("one", &old, "theirs")]).await.unwrap();
    assert_eq!(at(world.store.commit(vec![replace("one", &old, "mine")]).await), "one");
    let fresh = world.store.get(&key("one")).await.unwrap().unwrap().version;
    world.store.commit(vec![replace("one", &fresh, "mine")]).await.unwrap();
    assert_eq!(said(world.now("one").await).unwrap().0, "mine");
}
