//! Onboarding that takes so long that the sweep undoes it while it is at work: nothing of it stays,
//! whatever it still made, and the same call then works.

use std::sync::Arc;

use convergence::{
    entities::Organization,
    org::OrgSlug,
    store::{Collection, StoreExt as _, Write},
    warehouse::Dataset,
};
use integration_tests::{As, Options, TestApp};
use jiff::SignedDuration;

use super::{ONBOARD, bootstrap, request};
use crate::gate::{At, Gate, Gated, GatedStore};

/// Another process on the same backends, held up at a commit.
async fn slow(alive: &TestApp, gate: &Gate, at: At) -> TestApp {
    let store =
        GatedStore { inner: alive.state.store.clone(), watch: Gated { gate: gate.clone(), at } };
    let warehouse = alive.state.warehouse.clone();
    let folder = tempfile::tempdir().unwrap();
    for key in ["kms.key", "hash.key"] {
        std::fs::copy(alive.folder.path().join(key), folder.path().join(key)).unwrap();
    }
    // Ids are made of the time: those of two processes differ.
    alive.clock.advance(SignedDuration::from_secs(1));
    TestApp::with(Options {
        folder: Some(Arc::new(folder)),
        clock: Some(alive.clock.clone()),
        wrap_store: Some(Box::new(|_| Arc::new(store))),
        wrap_warehouse: Some(Box::new(|_| warehouse)),
        ..Options::default()
    })
    .await
}

fn takes_slug(write: &Write) -> bool {
    matches!(write, Write::Create(..)) && write.key().collection == Collection::Organizations
}

fn makes_plan(write: &Write) -> bool {
    matches!(write, Write::Create(..)) && write.key().collection == Collection::Subscriptions
}

async fn is_nothing(alive: &TestApp, org: &OrgSlug) -> bool {
    let (now, key) = (alive.state.clock.now(), Organization::key(org));
    let document = alive.state.store.find::<Organization>(&key, now).await.unwrap();
    let dataset = alive.state.warehouse.dataset_labels(&Dataset::Org(org.clone())).await.unwrap();
    document.is_none() && dataset.is_none()
}

async fn overtaken_at(at: At) {
    let (alive, gate) = (TestApp::new().await, Gate::closed());
    bootstrap(&alive).await;
    let (app, org) = (slow(&alive, &gate, at).await, OrgSlug::parse("acme").unwrap());
    let call = || app.post(As::Root, ONBOARD).once("one").json(&request("acme")).send();
    let overtake = async {
        gate.arrival().await;
        alive.clock.advance(SignedDuration::from_mins(15));
        alive.sweep().await;
        assert!(is_nothing(&alive, &org).await);
        gate.open();
    };
    let (answer, ()) = tokio::join!(call(), overtake);
    assert_eq!(answer.refusal().0, 409);
    assert!(is_nothing(&alive, &org).await, "a late onboarding left something");
    let again = call().await.json_of(201);
    let key = As::Key(again["api_key"].as_str().unwrap().to_owned());
    let _ = alive.get(key, "/api/v1/organizations/acme").send().await.expect(200);
}

#[tokio::test]
async fn before_its_dataset_is_made() {
    overtaken_at(At::After(takes_slug)).await;
}

#[tokio::test]
async fn before_its_last_commit() {
    overtaken_at(At::Before(makes_plan)).await;
}

/// Where the commit is done and its answer is lost, the organization is there: the sweep and the
/// same request find it.
#[tokio::test]
async fn what_is_done_is_not_undone() {
    let (alive, gate) = (TestApp::new().await, Gate::refusing(1));
    bootstrap(&alive).await;
    let app = slow(&alive, &gate, At::After(makes_plan)).await;
    let call = || app.post(As::Root, ONBOARD).once("one").json(&request("acme")).send();
    assert_eq!(call().await.refusal().0, 503);
    alive.clock.advance(SignedDuration::from_mins(15));
    alive.sweep().await;
    let again = call().await.json_of(201);
    let key = As::Key(again["api_key"].as_str().unwrap().to_owned());
    let _ = alive.get(key, "/api/v1/organizations/acme").send().await.expect(200);
}
