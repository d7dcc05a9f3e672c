//! What an operator changes by Firestore's own API, as OPERATIONS says.

use convergence::{
    http::outgoing,
    org::OrgSlug,
    store::{Collection, Document, Key, Owner, PageRequest, Store as _, Write},
};
use jiff::Timestamp;
use serde_json::json;

use super::world::World;

/// A data key that is made due comes to the next sweep, and is as it was otherwise.
#[tokio::test]
async fn a_document_that_is_made_due_is_found_and_can_be_replaced() {
    let Some(world) = World::new().await else { return };
    let owner = Owner::Org(OrgSlug::parse("Acme").unwrap());
    let key = Key { collection: Collection::DataKeys, owner, id: "0000000001".to_owned() };
    let later = "2030-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    let document = Document { body: json!({ "a": 1 }), due_at: Some(later), ..Document::default() };
    world.store.commit(vec![Write::Create(key.clone(), document.clone())]).await.unwrap();
    let now = "2026-07-01T12:00:00Z".parse::<Timestamp>().unwrap();
    let page = PageRequest { limit: 10, after: None };
    let due = async || world.store.due(Collection::DataKeys, now, &page).await.unwrap().items;
    assert!(due().await.is_empty());
    let url = format!("{}/data_keys/acme~0000000001", world.documents);
    let body = json!({ "fields": { "due_at": { "timestampValue": "2026-01-01T00:00:00Z" } } });
    let query = [("updateMask.fieldPaths", "due_at"), ("currentDocument.exists", "true")];
    let client = outgoing().build().unwrap();
    let answer = client.patch(url).query(&query).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    let found = due().await;
    assert_eq!((found.len(), &found[0].document.body), (1, &document.body));
    let version = found[0].version.clone();
    world.store.commit(vec![Write::Replace(key, version, document)]).await.unwrap();
    assert!(due().await.is_empty());
}
