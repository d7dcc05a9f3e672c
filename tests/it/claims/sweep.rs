//! Claims are deleted when nobody needs them any more, and not before.

use convergence::{
    auth::Caller,
    clock::Clock as _,
    store::{Collection, List, PageRequest},
};
use http::StatusCode;
use integration_tests::TestApp;
use jiff::SignedDuration;
use serde_json::json;

use super::{finish, fresh, identity, org_key, replay};

async fn sweep(app: &TestApp) -> usize {
    app.state.claims.sweep(app.clock.now()).await.unwrap()
}

async fn kept(app: &TestApp) -> usize {
    let page = PageRequest { limit: 100, after: None };
    let list = List { collection: Collection::Claims, owner: None, filters: Vec::new(), page };
    app.state.store.list(&list).await.unwrap().items.len()
}

#[tokio::test]
async fn answers_go_after_a_day_and_erased_ones_too() {
    let app = TestApp::new().await;
    let claims = &app.state.claims;
    finish(&app, fresh(claims, &Caller::Root, &identity("one", "hash")).await).await;
    let claim = fresh(claims, &Caller::Root, &identity("two", "hash")).await;
    let key = claim.key().unwrap().clone();
    finish(&app, claim).await;
    let erase = claims.erase(&key).await.unwrap().unwrap();
    app.state.store.commit(vec![erase]).await.unwrap();
    app.clock.advance(SignedDuration::from_hours(23));
    assert_eq!((sweep(&app).await, kept(&app).await), (0, 2));
    replay(claims, &Caller::Root, &identity("one", "hash")).await;
    app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!((sweep(&app).await, kept(&app).await), (2, 0));
}

#[tokio::test]
async fn work_that_was_cut_off_goes_when_its_lease_has_ended_and_cannot_end_itself_then() {
    let app = TestApp::new().await;
    let claims = &app.state.claims;
    let cut_off = fresh(claims, &Caller::Root, &identity("one", "hash")).await;
    assert_eq!((sweep(&app).await, kept(&app).await), (0, 1), "it is at work");
    app.clock.advance(SignedDuration::from_secs(30));
    let at_work = fresh(claims, &org_key(), &identity("two", "hash")).await;
    app.clock.advance(SignedDuration::from_secs(30));
    assert_eq!((sweep(&app).await, kept(&app).await), (1, 1));
    let late = cut_off.done(StatusCode::CREATED, &json!({})).await.unwrap();
    app.state.store.commit(late).await.unwrap_err();
    cut_off.release().await;
    at_work.release().await;
    assert_eq!(kept(&app).await, 0);
}
