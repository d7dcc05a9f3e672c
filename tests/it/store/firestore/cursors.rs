//! Pages, and ids that are hard to name.

use convergence::{
    org::OrgSlug,
    store::{Collection, Document, Key, List, Owner, PageRequest, Store as _, StoreError, Write},
};
use jiff::Timestamp;
use serde_json::json;

use super::world::World;

/// Ids that Firestore would not take as they are, or that would be the same if written carelessly.
const IDS: [&str; 12] =
    [".", "..", "__x__", "a/b", "a%2Fb", "a%b", "a~b", "~", "é/日本語", "org~a", " ", "a\u{1f}b"];

fn list(owner: Option<Owner>, after: Option<String>) -> List {
    let page = PageRequest { limit: 1, after };
    List { collection: Collection::Runs, owner, filters: Vec::new(), page }
}

#[tokio::test]
async fn a_made_up_cursor_is_the_mistake_of_who_made_it_up() {
    let Some(world) = World::new().await else { return };
    let long = format!("{}\u{1f}acme", "x".repeat(2_000));
    let no_time = "99999999999999999999\u{1f}x\u{1f}acme";
    for made_up in ["", "abc", "x\u{1f}y", "1", "x\u{1f}", "\u{1f}acme", &long, no_time] {
        let page = PageRequest { limit: 1, after: Some(made_up.to_owned()) };
        let due = world.store.due(Collection::Runs, Timestamp::UNIX_EPOCH, &page).await;
        assert!(matches!(due, Err(StoreError::Cursor)), "{made_up}: {due:?}");
        if made_up != no_time {
            let listed = world.store.list(&list(None, Some(made_up.to_owned()))).await;
            assert!(matches!(listed, Err(StoreError::Cursor)), "{made_up}: {listed:?}");
        }
    }
    assert!(world.faults.calls().is_empty(), "no such question is asked");
}

#[tokio::test]
async fn every_id_is_a_document_of_its_own_and_is_listed_under_its_own_name() {
    let Some(world) = World::new().await else { return };
    let owners = [Owner::System, Owner::Org(OrgSlug::parse("org").unwrap())];
    let mut writes = Vec::new();
    for owner in &owners {
        for id in IDS {
            let key = Key { collection: Collection::Runs, owner: owner.clone(), id: id.into() };
            let document = Document { body: json!(key.to_string()), ..Document::default() };
            writes.push(Write::Create(key, document));
        }
    }
    world.store.commit(writes.clone()).await.unwrap();
    for write in &writes {
        let stored = world.store.get(write.key()).await.unwrap().unwrap();
        assert_eq!(stored.document.body, json!(write.key().to_string()));
    }
    let mut sorted = IDS;
    sorted.sort_unstable();
    sorted.reverse();
    for owner in owners {
        let (mut found, mut query) = (Vec::new(), list(Some(owner), None));
        loop {
            let page = world.store.list(&query).await.unwrap();
            found.extend(page.items.into_iter().map(|stored| stored.key.id));
            query.page.after = page.next;
            if query.page.after.is_none() {
                break;
            }
        }
        assert_eq!(found, sorted, "in the order of bytes, as everywhere");
    }
}
