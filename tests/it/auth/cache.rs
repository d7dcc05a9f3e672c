//! How long a change made elsewhere goes unseen: 20 seconds, and no time at all here.

use convergence::{
    entities::{KeyScope, OrgState, Organization},
    store::StoreExt as _,
};
use integration_tests::{As, TestApp};
use jiff::{SignedDuration, ToSpan as _};

use super::world::{app, change, key, organization, slug};

async fn status(app: &TestApp, key: &str) -> u16 {
    app.get(As::Key(key.to_owned()), "/test/costs/acme").send().await.status.as_u16()
}

#[tokio::test]
async fn a_key_revoked_elsewhere_ends_within_twenty_seconds() {
    let app = app(&[]).await;
    let key = key(&app, "Acme", &KeyScope::ALL).await;
    let document = key.document(app.state.authenticator.peppers());
    assert_eq!(status(&app, key.expose()).await, 200);
    let now = app.state.clock.now();
    change(&app, &document, |key| key.revoked_at = Some(now)).await;
    app.clock.advance(SignedDuration::from_secs(19));
    assert_eq!(status(&app, key.expose()).await, 200);
    app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(status(&app, key.expose()).await, 401);
}

#[tokio::test]
async fn a_key_revoked_here_ends_at_once() {
    let app = app(&[]).await;
    let key = key(&app, "Acme", &KeyScope::ALL).await;
    let document = key.document(app.state.authenticator.peppers());
    assert_eq!(status(&app, key.expose()).await, 200);
    let now = app.state.clock.now();
    change(&app, &document, |key| key.revoked_at = Some(now)).await;
    app.state.authenticator.forget_key(&document);
    assert_eq!(status(&app, key.expose()).await, 401);
}

#[tokio::test]
async fn an_end_that_was_known_needs_no_look_at_the_store() {
    let app = app(&[]).await;
    let key = key(&app, "Acme", &KeyScope::ALL).await;
    let document = key.document(app.state.authenticator.peppers());
    let end = app.state.clock.now() + 5.seconds();
    change(&app, &document, |key| key.expires_at = Some(end)).await;
    assert_eq!(status(&app, key.expose()).await, 200);
    app.clock.advance(SignedDuration::from_secs(5));
    assert_eq!(status(&app, key.expose()).await, 401);
}

#[tokio::test]
async fn what_was_not_there_is_found_as_soon_as_it_is() {
    let app = app(&[]).await;
    let path = "/test/costs/initech";
    assert_eq!(app.get(As::Root, path).send().await.status, 404);
    organization(&app, "initech", OrgState::Active).await;
    assert_eq!(app.get(As::Root, path).send().await.status, 200);
}

#[tokio::test]
async fn an_organization_that_leaves_here_is_gone_at_once() {
    let app = app(&[]).await;
    let path = "/test/costs/acme";
    assert_eq!(app.get(As::Root, path).send().await.status, 200);
    let (acme, now) = (slug("acme"), app.state.clock.now());
    let document = Organization::key(&acme);
    let found = app.state.store.find::<Organization>(&document, now);
    let mut held = found.await.expect("read").expect("it is there");
    held.value.state = OrgState::Deleted;
    app.state.store.commit(vec![held.replace().expect("writes")]).await.expect("unchanged");
    assert_eq!(app.get(As::Root, path).send().await.status, 200, "elsewhere it is still known");
    app.state.authenticator.forget_organization(&acme);
    assert_eq!(app.get(As::Root, path).send().await.status, 404);
}
