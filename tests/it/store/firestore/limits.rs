//! What Firestore takes at most is known before it is asked.

use convergence::store::{Collection, Document, Key, Store as _, StoreError, Write};
use serde_json::json;

use super::world::{World, create, key, says};

async fn refused(world: &World, writes: Vec<Write>) -> String {
    match world.store.commit(writes).await {
        Err(StoreError::Other(why)) => why.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

fn filled(org: String) -> Document {
    Document { filters: [("org", org)].into(), ..says("filled") }
}

#[tokio::test]
async fn what_is_too_large_is_refused_by_name_before_it_is_sent() {
    let Some(world) = World::new().await else { return };
    let large = create("large", &"x".repeat(1 << 20));
    let why = refused(&world, vec![create("small", "x"), large]).await;
    assert_eq!(why, "`body` of leases/-/large has 1048579 bytes; Firestore takes 1048487");

    let id = "x".repeat(1_499);
    let why = refused(&world, vec![create(&id, "x")]).await;
    let begin = "x".repeat(38);
    assert_eq!(why, format!("the id `-~{begin}…` has 1501 bytes; Firestore takes 1500"));

    let key = Key::system(Collection::Keys, "one");
    let why = refused(&world, vec![Write::Create(key, filled("o".repeat(1_500)))]).await;
    assert_eq!(why, "`org` of keys/-/one has 1501 bytes; Firestore takes 1500");

    let most = "x".repeat(1_000_000);
    let many = (0..11).map(|n| create(&n.to_string(), &most)).collect();
    let why = refused(&world, many).await;
    assert!(why.starts_with("11 writes have 1100") && why.ends_with("takes 10485760"), "{why}");

    assert_eq!(refused(&world, vec![create("", "x")]).await, "a document of leases has no id");
    assert!(world.store.get(&super::world::key(&id)).await.is_err());
    assert!(world.faults.calls().is_empty(), "{:?}", world.faults.calls());
}

#[tokio::test]
async fn what_is_just_small_enough_is_kept() {
    let Some(world) = World::new().await else { return };
    let id = "x".repeat(1_498);
    let body = "x".repeat(1_040_000);
    let store = world.other;
    store.commit(vec![create("1", &body), create(&id, &body)]).await.unwrap();
    let stored = store.get(&key(&id)).await.unwrap().unwrap();
    assert_eq!(stored.document.body, json!(body));
    let keys = Key::system(Collection::Keys, "filled");
    store.commit(vec![Write::Create(keys, filled("o".repeat(1_499)))]).await.unwrap();
}

#[tokio::test]
async fn a_commit_may_have_more_than_five_hundred_writes() {
    let Some(world) = World::new().await else { return };
    let versions = world.store.commit((0..1_000).map(|n| create(&n.to_string(), "x")).collect());
    assert_eq!(versions.await.unwrap().len(), 1_000);
    assert_eq!(world.now("999").await.unwrap().document, says("x"));
}
