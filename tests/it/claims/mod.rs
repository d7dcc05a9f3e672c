//! Requests that are sent again: one effect, the first answer, and nothing lost when work is cut off.

mod crashes;
mod sweep;

use std::{sync::Arc, time::Duration};

use convergence::{
    Error,
    auth::Caller,
    claims::{Answer, Begin, Claim, Claims},
    entities::KeyScope,
    http::Identity,
    org::OrgSlug,
    store::{Collection, List, PageRequest, Write},
    testing::CrashPoint,
};
use http::{Method, StatusCode};
use integration_tests::{Options, TestApp, stores};
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

fn identity(key: &str, body: &str) -> Identity {
    Identity {
        key: Some(key.to_owned()),
        method: Method::POST,
        path: "/api/v1/things".to_owned(),
        body_hash: body.to_owned(),
    }
}

fn org_key() -> Caller {
    let org = OrgSlug::parse("acme").unwrap();
    Caller::Key { org, key_id: Uuid::from_u128(7), scopes: vec![KeyScope::CostsRead] }
}

async fn fresh(claims: &Claims, caller: &Caller, identity: &Identity) -> Claim {
    match claims.begin(caller, identity).await.unwrap() {
        Begin::Fresh(claim) => claim,
        Begin::Replay(answer) => panic!("answered already: {answer:?}"),
    }
}

async fn replay(claims: &Claims, caller: &Caller, identity: &Identity) -> Answer {
    match claims.begin(caller, identity).await.unwrap() {
        Begin::Replay(answer) => answer,
        Begin::Fresh(_) => panic!("not answered yet"),
    }
}

/// Does the work of a claim, whose answer has a secret in it.
async fn finish(app: &TestApp, claim: Claim) {
    let body = json!({ "api_key": "acme_api_secret", "amount": "1.10" });
    let writes = claim.done(StatusCode::CREATED, &body).await.unwrap();
    app.state.store.commit(writes).await.unwrap();
    claim.keep();
}

#[tokio::test]
async fn the_first_answer_is_given_again_and_is_sealed_until_then() {
    let app = TestApp::new().await;
    let (claims, asked) = (&app.state.claims, identity("one", "hash"));
    finish(&app, fresh(claims, &Caller::Root, &asked).await).await;
    let answer = replay(claims, &Caller::Root, &asked).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.body, json!({ "api_key": "acme_api_secret", "amount": "1.10" }));
    assert!(!format!("{answer:?}").contains("secret"));
    for collection in [Collection::Claims, Collection::Outbox] {
        let query = List {
            collection,
            owner: None,
            filters: vec![],
            page: PageRequest { limit: 9, after: None },
        };
        let page = app.state.store.list(&query).await.unwrap();
        assert!(!page.items.is_empty() && !format!("{:?}", page.items).contains("secret"));
    }
}

#[tokio::test]
async fn the_same_key_with_another_body_is_a_conflict_and_with_another_caller_or_path_is_not() {
    let app = TestApp::new().await;
    let claims = &app.state.claims;
    finish(&app, fresh(claims, &Caller::Root, &identity("one", "hash")).await).await;
    let conflict = claims.begin(&Caller::Root, &identity("one", "other")).await.unwrap_err();
    assert!(
        matches!(&conflict, Error::Conflict(why) if why.contains("another body")),
        "{conflict}"
    );
    fresh(claims, &org_key(), &identity("one", "hash")).await.keep();
    let elsewhere = Identity { path: "/api/v1/others".to_owned(), ..identity("one", "hash") };
    fresh(claims, &Caller::Root, &elsewhere).await.keep();
}

#[tokio::test]
async fn without_a_key_every_request_is_the_first() {
    let app = TestApp::new().await;
    let asked = Identity { key: None, ..identity("", "hash") };
    for _ in 0..2 {
        let claim = fresh(&app.state.claims, &Caller::Root, &asked).await;
        assert!(claim.key().is_none());
        assert!(claim.done(StatusCode::CREATED, &json!({})).await.unwrap().is_empty());
        claim.keep();
    }
}

#[tokio::test]
async fn of_many_at_the_same_time_one_works_and_the_others_get_its_answer() {
    let app = Arc::new(TestApp::new().await);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                let asked = identity("race", "hash");
                let begun = app.state.claims.begin(&Caller::Root, &asked);
                match begun.await.unwrap() {
                    Begin::Fresh(claim) => {
                        tokio::time::sleep(Duration::from_millis(120)).await;
                        finish(&app, claim).await;
                        true
                    }
                    Begin::Replay(answer) => {
                        assert_eq!(answer.status, 201);
                        false
                    }
                }
            })
        })
        .collect();
    let mut worked = 0;
    for task in tasks {
        worked += usize::from(task.await.unwrap());
    }
    assert_eq!(worked, 1);
}

#[tokio::test]
async fn work_that_failed_gives_the_claim_back() {
    let app = TestApp::new().await;
    let (claims, asked) = (&app.state.claims, identity("one", "hash"));
    fresh(claims, &Caller::Root, &asked).await.release().await;
    drop(fresh(claims, &Caller::Root, &asked).await);
    fresh(claims, &Caller::Root, &asked).await.release().await;
}

#[tokio::test]
async fn work_that_was_cut_off_is_taken_over_when_its_lease_has_ended_and_can_no_longer_end_itself()
{
    let app = TestApp::new().await;
    let (claims, asked) = (&app.state.claims, identity("one", "hash"));
    let first = fresh(claims, &Caller::Root, &asked).await;
    app.clock.advance(SignedDuration::from_secs(61));
    let second = fresh(claims, &Caller::Root, &asked).await;
    let late = first.done(StatusCode::CREATED, &json!({})).await.unwrap();
    app.state.store.commit(late).await.unwrap_err();
    first.release().await;
    finish(&app, second).await;
    replay(claims, &Caller::Root, &asked).await;
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    let app = TestApp::new().await;
    let (claims, asked) = (&app.state.claims, identity("one", "hash"));
    finish(&app, fresh(claims, &Caller::Root, &asked).await).await;
    app.clock.advance(SignedDuration::from_hours(23));
    replay(claims, &Caller::Root, &asked).await;
    app.clock.advance(SignedDuration::from_hours(2));
    finish(&app, fresh(claims, &Caller::Root, &identity("one", "another body")).await).await;
}

#[tokio::test]
async fn an_erased_answer_is_refused() {
    let app = TestApp::new().await;
    let (claims, asked) = (&app.state.claims, identity("one", "hash"));
    let claim = fresh(claims, &Caller::Root, &asked).await;
    let key = claim.key().unwrap().clone();
    finish(&app, claim).await;
    let write = claims.erase(&key).await.unwrap().unwrap();
    assert!(matches!(&write, Write::Replace(..)));
    app.state.store.commit(vec![write]).await.unwrap();
    let refused = claims.begin(&Caller::Root, &asked).await.unwrap_err();
    assert!(matches!(&refused, Error::Conflict(why) if why.contains("revoked")), "{refused}");
    app.clock.advance(SignedDuration::from_hours(25));
    assert!(claims.erase(&key).await.unwrap().is_none());
}

/// Another start of the process over the same store.
async fn next_start(app: &TestApp) -> TestApp {
    let store = app.state.store.clone();
    app.clock.advance(SignedDuration::from_secs(1));
    TestApp::with(Options {
        clock: Some(app.clock.clone()),
        wrap_store: Some(Box::new(|_| store)),
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn the_work_of_a_dead_process_is_taken_over_at_once_and_can_no_longer_end_itself() {
    if !stores::is_embedded() {
        return;
    }
    let app = TestApp::new().await;
    let asked = identity("one", "hash");
    let first = fresh(&app.state.claims, &Caller::Root, &asked).await;
    // What the end writes, before anybody says that the process is dead.
    let late = first.done(StatusCode::CREATED, &json!({})).await.unwrap();
    let next = next_start(&app).await;
    fresh(&next.state.claims, &Caller::Root, &asked).await.keep();
    app.state.store.commit(late).await.unwrap_err();
    first.keep();
}

/// Where many processes share a store, another start is no sign of death.
#[tokio::test]
async fn the_work_of_another_process_that_may_live_is_waited_for() {
    let app = TestApp::new().await;
    let asked = identity("one", "hash");
    let first = fresh(&app.state.claims, &Caller::Root, &asked).await;
    let (_, others) = crashes::dying(&app, &CrashPoint::never());
    let second = tokio::spawn(async move {
        let asked = identity("one", "hash");
        match others.begin(&Caller::Root, &asked).await.unwrap() {
            Begin::Replay(answer) => answer.status,
            Begin::Fresh(_) => panic!("done twice"),
        }
    });
    tokio::task::yield_now().await;
    finish(&app, first).await;
    assert_eq!(second.await.unwrap(), 201);
}
