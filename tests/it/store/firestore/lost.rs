//! Answers that get lost: a commit is never a conflict with itself, and never done twice.

use convergence::store::{Store as _, StoreError, Version};
use integration_tests::faults::Fault;

use super::world::{World, create, delete, key, replace, said};

fn conflict(refused: Result<Vec<Version>, StoreError>) -> String {
    match refused {
        Err(StoreError::Conflict(key)) => key.id,
        other => panic!("no conflict: {other:?}"),
    }
}

fn unknown(refused: Result<Vec<Version>, StoreError>) {
    match refused {
        Err(StoreError::Unavailable(why)) => {
            assert_eq!(why.to_string(), "it is not known whether Firestore did it");
        }
        other => panic!("it is known: {other:?}"),
    }
}

#[tokio::test]
async fn what_was_done_is_found_again_with_its_versions() {
    let Some(world) = World::new().await else { return };
    let (old, gone) = (world.make("old").await, world.make("gone").await);
    world.faults.nth("Commit", 0, Fault::Lost);
    let writes = vec![delete("gone", &gone), create("new", "mine"), replace("old", &old, "mine")];
    let versions = world.store.commit(writes).await.unwrap();
    assert_eq!(world.faults.injected(), 1);
    assert_eq!(versions[0], Version::default());
    assert_eq!(world.now("gone").await, None);
    assert_eq!(said(world.now("new").await), Some(("mine".into(), versions[1].clone())));
    assert_eq!(said(world.now("old").await), Some(("mine".into(), versions[2].clone())));
    let commits = world.faults.calls().iter().filter(|call| call.ends_with("/Commit")).count();
    assert_eq!(commits, 1, "it is not sent again");
}

#[tokio::test]
async fn what_was_not_done_is_sent_again() {
    let Some(world) = World::new().await else { return };
    let old = world.make("old").await;
    world.faults.nth("Commit", 0, Fault::UNAVAILABLE);
    world.faults.nth("Commit", 1, Fault::Lost);
    let versions = world.store.commit(vec![replace("old", &old, "mine")]).await.unwrap();
    assert_eq!(said(world.now("old").await), Some(("mine".into(), versions[0].clone())));
    assert_eq!(world.faults.injected(), 2);
}

#[tokio::test]
async fn of_a_commit_one_document_that_is_left_is_proof() {
    let Some(world) = World::new().await else { return };
    let versions = world
        .commit_while(
            Some(Fault::Lost),
            vec![create("taken", "mine"), create("left", "mine")],
            || async {
                let (_, mine) = said(world.now("taken").await).unwrap();
                world.other.commit(vec![replace("taken", &mine, "theirs")]).await.unwrap();
            },
        )
        .await
        .unwrap();
    assert_eq!(said(world.now("left").await), Some(("mine".into(), versions[1].clone())));
    assert_eq!(said(world.now("taken").await).unwrap().0, "theirs");
}

#[tokio::test]
async fn what_is_gone_is_deleted_whoever_did_it() {
    let Some(world) = World::new().await else { return };
    let (one, two) = (world.make("one").await, world.make("two").await);
    world.faults.nth("Commit", 0, Fault::Lost);
    let gone = world.store.commit(vec![delete("one", &one), delete("two", &two)]).await.unwrap();
    assert_eq!(gone, [Version::default(), Version::default()]);
    assert_eq!((world.now("one").await, world.now("two").await), (None, None));
}

#[tokio::test]
async fn somebody_else_who_was_first_is_a_conflict_all_the_same() {
    let Some(world) = World::new().await else { return };
    let old = world.make("old").await;
    let refused = world
        .commit_while(
            Some(Fault::UNAVAILABLE),
            vec![create("new", "mine"), replace("old", &old, "mine")],
            || async {
                world.other.commit(vec![replace("old", &old, "theirs")]).await.unwrap();
            },
        )
        .await;
    assert_eq!(conflict(refused), "old");
    assert_eq!(world.now("new").await, None);

    let refused = world
        .commit_while(Some(Fault::UNAVAILABLE), vec![create("new", "mine")], || async {
            world.other.commit(vec![create("new", "theirs")]).await.unwrap();
        })
        .await;
    assert_eq!(conflict(refused), "new");

    let theirs = world.other.get(&key("old")).await.unwrap().unwrap().version;
    let refused = world
        .commit_while(Some(Fault::UNAVAILABLE), vec![delete("old", &theirs)], || async {
            world.other.commit(vec![replace("old", &theirs, "again")]).await.unwrap();
        })
        .await;
    assert_eq!(conflict(refused), "old");
    assert_eq!(said(world.now("old").await).unwrap().0, "again");
}

#[tokio::test]
async fn where_others_wrote_over_all_of_it_nobody_pretends_to_know() {
    let Some(world) = World::new().await else { return };
    let old = world.make("old").await;
    for write in [replace("old", &old, "mine"), create("new", "mine")] {
        let id = write.key().id.clone();
        let refused = world
            .commit_while(Some(Fault::Lost), vec![write], || async {
                let (text, mine) = said(world.now(&id).await).unwrap();
                assert_eq!(text, "mine");
                world.other.commit(vec![replace(&id, &mine, "theirs")]).await.unwrap();
            })
            .await;
        unknown(refused);
        assert_eq!(
            said(world.now(&id).await).unwrap().0,
            "theirs",
            "and nothing is written over it"
        );
    }
}
