//! Flows that are cut off after any write, as by `kill -9`: the sweep leaves nothing or the whole,
//! and the same call then works.

use std::{fs, sync::Arc};

use convergence::{
    entities::{ApiKey, OrgState, Organization},
    org::OrgSlug,
    store::{Collection, List, Owner, PageRequest, StoreExt as _},
    testing::{CrashPoint, CrashingStore, CrashingWarehouse},
    warehouse::Dataset,
};
use integration_tests::{As, Options, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{ONBOARD, bootstrap, onboard, request};

const KEYS: &str = "/api/v1/organizations/acme/api-keys";

/// Another process on the same backends, with the same keys, which dies at a point.
async fn dying(alive: &TestApp, point: &CrashPoint) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    for key in ["kms.key", "hash.key"] {
        fs::copy(alive.folder.path().join(key), folder.path().join(key)).unwrap();
    }
    let store = CrashingStore::new(alive.state.store.clone(), point.clone());
    let warehouse = CrashingWarehouse::new(alive.state.warehouse.clone(), point.clone());
    alive.clock.advance(SignedDuration::from_secs(1));
    TestApp::with(Options {
        folder: Some(Arc::new(folder)),
        clock: Some(alive.clock.clone()),
        wrap_store: Some(Box::new(|_| Arc::new(store))),
        wrap_warehouse: Some(Box::new(|_| Arc::new(warehouse))),
        ..Options::default()
    })
    .await
}

/// What the sweep does of this, some time later.
async fn sweep(alive: &TestApp) {
    alive.clock.advance(SignedDuration::from_mins(15));
    alive.state.tenants.undo_creations(alive.state.clock.now()).await.unwrap();
    alive.state.ledger.sweep(alive.state.clock.now()).await.unwrap();
}

fn slug(at: usize) -> OrgSlug {
    OrgSlug::parse(&format!("acme_{at}")).unwrap()
}

async fn keys(alive: &TestApp, org: &OrgSlug) -> usize {
    let page = PageRequest { limit: 100, after: None };
    let filters = vec![("org", org.key())];
    let list = List { collection: Collection::Keys, owner: Some(Owner::System), filters, page };
    alive.state.store.list(&list).await.unwrap().read::<ApiKey>().unwrap().len()
}

async fn state(alive: &TestApp, org: &OrgSlug) -> Option<OrgState> {
    let now = alive.state.clock.now();
    let held = alive.state.store.find::<Organization>(&Organization::key(org), now).await.unwrap();
    held.map(|held| held.value.state)
}

/// Whether it is whole; fails where it is neither that nor nothing.
async fn is_whole(alive: &TestApp, org: &OrgSlug, at: usize) -> bool {
    let labels = alive.state.warehouse.dataset_labels(&Dataset::Org(org.clone())).await.unwrap();
    match (state(alive, org).await, labels.is_some(), keys(alive, org).await) {
        (None, false, 0) => false,
        (Some(OrgState::Active), true, 1) => true,
        parts => panic!("after write {at}: {parts:?}"),
    }
}

async fn opens(alive: &TestApp, key: &Value, org: &OrgSlug) -> bool {
    // Longer than anything is remembered.
    alive.clock.advance(SignedDuration::from_secs(30));
    let key = As::Key(key.as_str().unwrap().to_owned());
    alive.get(key, &format!("/api/v1/organizations/{org}")).send().await.status.is_success()
}

#[tokio::test]
async fn onboarding_that_dies_after_any_write_leaves_nothing_or_the_whole() {
    let alive = TestApp::new().await;
    bootstrap(&alive).await;
    let mut whole = Vec::new();
    for at in 1.. {
        let (org, idempotency) = (slug(at), format!("k{at}"));
        let body = request(org.as_str());
        let call = async |app: &TestApp| {
            app.post(As::Root, ONBOARD).once(&idempotency).json(&body).send().await
        };
        let point = CrashPoint::after(at);
        let app = dying(&alive, &point).await;
        let answered = point.run(call(&app)).await;
        sweep(&alive).await;
        whole.push(is_whole(&alive, &org, at).await);
        let again = call(&alive).await.json_of(201);
        assert!(is_whole(&alive, &org, at).await);
        assert!(opens(&alive, &again["api_key"], &org).await, "after write {at}");
        if let Some(answered) = answered {
            assert_eq!(answered.json_of(201), again);
            break;
        }
    }
    assert!(whole.is_sorted() && !whole[0], "one write decides: {whole:?}");
    assert!(whole.iter().filter(|whole| !**whole).count() > 4, "{whole:?}");
}

#[tokio::test]
async fn undoing_that_dies_after_any_write_is_undone_to_its_end() {
    let alive = TestApp::new().await;
    bootstrap(&alive).await;
    for at in 1..=3 {
        let org = slug(at);
        let point = CrashPoint::after(3);
        let app = dying(&alive, &point).await;
        let call = app.post(As::Root, ONBOARD).json(&request(org.as_str())).send();
        assert!(point.run(call).await.is_none());
        assert_eq!(state(&alive, &org).await, Some(OrgState::Creating));
        alive.clock.advance(SignedDuration::from_mins(15));
        let point = CrashPoint::after(at);
        let app = dying(&alive, &point).await;
        point.run(app.state.tenants.undo_creations(alive.state.clock.now())).await;
        assert_eq!(point.writes(), at);
        sweep(&alive).await;
        assert!(!is_whole(&alive, &org, at).await);
        onboard(&alive, org.as_str()).await;
    }
}

#[tokio::test]
async fn the_sweep_leaves_alone_what_still_has_time_and_what_is_in_use() {
    let alive = TestApp::new().await;
    onboard(&alive, "acme_1").await;
    let point = CrashPoint::after(3);
    let app = dying(&alive, &point).await;
    let call = app.post(As::Root, ONBOARD).json(&request("acme_2")).send();
    assert!(point.run(call).await.is_none());
    let now = alive.state.clock.now();
    assert_eq!(alive.state.tenants.undo_creations(now).await.unwrap(), 0);
    let again = alive.post(As::Root, ONBOARD).json(&request("acme_2")).send().await;
    assert_eq!(again.refusal().0, 409);
    sweep(&alive).await;
    assert_eq!(state(&alive, &slug(2)).await, None);
    assert_eq!(state(&alive, &slug(1)).await, Some(OrgState::Active));
}

#[tokio::test]
async fn rotation_that_dies_after_any_write_leaves_a_key_that_works() {
    let alive = TestApp::new().await;
    bootstrap(&alive).await;
    onboard(&alive, "acme").await;
    let org = OrgSlug::parse("acme").unwrap();
    for at in 1.. {
        let named = json!({ "name": format!("key {at}") });
        let old = alive.post(As::Root, KEYS).json(&named).send().await.json_of(201);
        let path = format!("{KEYS}/{}/rotate", old["key_id"].as_str().unwrap());
        let (idempotency, body) = (format!("r{at}"), json!({ "overlap_seconds": 86_400 }));
        let call = async |app: &TestApp| {
            app.post(As::Root, &path).once(&idempotency).json(&body).send().await
        };
        let point = CrashPoint::after(at);
        let app = dying(&alive, &point).await;
        let answered = point.run(call(&app)).await;
        assert!(opens(&alive, &old["api_key"], &org).await, "after write {at}");
        sweep(&alive).await;
        let new = call(&alive).await.json_of(201);
        assert_eq!(new["replaces"]["key_id"], old["key_id"]);
        assert!(opens(&alive, &old["api_key"], &org).await, "after write {at}");
        assert!(opens(&alive, &new["api_key"], &org).await, "after write {at}");
        if answered.is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn revocation_that_dies_after_any_write_can_be_repeated() {
    let alive = TestApp::new().await;
    bootstrap(&alive).await;
    onboard(&alive, "acme").await;
    let org = OrgSlug::parse("acme").unwrap();
    for at in 1.. {
        let (idempotency, named) = (format!("c{at}"), json!({ "name": format!("key {at}") }));
        let make = || alive.post(As::Root, KEYS).once(&idempotency).json(&named).send();
        let key = make().await.json_of(201);
        let path = format!("{KEYS}/{}", key["key_id"].as_str().unwrap());
        let point = CrashPoint::after(at);
        let app = dying(&alive, &point).await;
        let answered = point.run(app.delete(As::Root, &path).send()).await;
        sweep(&alive).await;
        let _ = alive.delete(As::Root, &path).send().await.expect(204);
        assert!(!opens(&alive, &key["api_key"], &org).await, "after write {at}");
        assert_eq!(make().await.refusal().0, 409, "its answer is erased");
        if answered.is_some() {
            break;
        }
    }
}
