//! Keeping and changing a subscription, cut off after every write: there whole or not at all, told
//! once, and the same request then works. Two at once: one is told that it came second.

use std::{fs, sync::Arc};

use convergence::testing::{CrashPoint, CrashingStore};
use integration_tests::{As, Options, TestApp};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::http::{acme, keep, slack};

const PATH: &str = "/api/v1/integrations/acme/saas/subscriptions";

/// Another process on the same backends, with the same keys, which dies at a point.
async fn dying(app: &TestApp, point: &CrashPoint) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    for key in ["kms.key", "hash.key"] {
        fs::copy(app.folder.path().join(key), folder.path().join(key)).unwrap();
    }
    let store = CrashingStore::new(app.state.store.clone(), point.clone());
    app.clock.advance(SignedDuration::from_secs(1));
    TestApp::with(Options {
        folder: Some(Arc::new(folder)),
        clock: Some(app.clock.clone()),
        wrap_store: Some(Box::new(|_| Arc::new(store))),
        ..Options::default()
    })
    .await
}

async fn kept(app: &TestApp) -> Vec<Value> {
    let list = app.get(As::Root, PATH).send().await.json_of(200);
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn cut_off_after_any_write_it_is_kept_once_and_the_same_request_gets_the_first_answer() {
    let (app, _) = acme().await;
    for at in 1..12 {
        let (point, name) = (CrashPoint::after(at), format!("after_{at}"));
        let mut body = slack();
        body["name"] = json!(name);
        let dying = dying(&app, &point).await;
        let call = dying.post(As::Root, PATH).once(&name).json(&body).send();
        let answered = point.run(call).await.is_some();
        let there = kept(&app).await.iter().any(|it| it["name"] == name.as_str());
        assert!(!answered || there, "answered, so it is there");
        app.clock.advance(SignedDuration::from_mins(2));
        let again = app.post(As::Root, PATH).once(&name).json(&body).send().await.json_of(201);
        assert!(kept(&app).await.contains(&again), "{at}");
        assert_eq!(kept(&app).await.len(), at);
        if answered {
            assert!(at > 2, "the claim and the subscription are two writes");
            return;
        }
    }
    panic!("more writes than were tried");
}

#[tokio::test]
async fn of_two_versions_that_begin_on_one_day_at_once_one_is_kept() {
    let (app, key) = acme().await;
    let one = keep(&app, &key, &slack()).await;
    let path = format!("{PATH}/{}", one["subscription_id"].as_str().unwrap());
    let put = |seats: u32| {
        let body = json!({
            "effective_date": "2026-06-01", "seats": seats, "price": "12.50", "cycle": "monthly",
        });
        app.put(key.clone(), &path).json(&body).send()
    };
    let answers = futures::future::join_all((20..24).map(put)).await;
    let kept_ones = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(kept_ones, 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 409));
    assert_eq!(kept(&app).await[0]["versions"].as_array().unwrap().len(), 2);
}
