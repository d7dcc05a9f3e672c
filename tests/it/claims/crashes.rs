//! A request whose work dies after any write, and is then sent again: one effect, one answer.

use std::sync::Arc;

use convergence::{
    Result,
    auth::Caller,
    claims::{Answer, Begin, Claims},
    configs::Configs,
    http::Identity,
    ids::Ids as _,
    ledger::Ledger,
    runs::Boot,
    store::{Collection, Document, Key, List, PageRequest, Store, Write},
    testing::{CrashPoint, CrashingStore},
    vault::{FileKms, Vault},
};
use http::StatusCode;
use integration_tests::{TestApp, TestIds};
use jiff::SignedDuration;
use serde_json::json;

use super::identity;

/// Another process on the same store, which dies at a point.
pub(super) fn dying(app: &TestApp, point: &CrashPoint) -> (Arc<dyn Store>, Claims) {
    app.clock.advance(SignedDuration::from_secs(1));
    let (clock, warehouse) = (app.clock.clone(), app.state.warehouse.clone());
    let ids = Arc::new(TestIds::new(clock.clone()));
    let boot = Boot { id: ids.new_id(), alone: false };
    let store: Arc<dyn Store> =
        Arc::new(CrashingStore::new(app.state.store.clone(), point.clone()));
    let kms = FileKms::open(&app.folder.path().join("kms.key"), false, ids.clone()).unwrap();
    let vault = Arc::new(Vault::new(Arc::new(kms), store.clone(), clock.clone(), ids.clone()));
    let ledger = Ledger::new(store.clone(), warehouse, clock.clone(), ids, &Configs::embedded());
    let claims = Claims::new(store.clone(), vault, Arc::new(ledger.unwrap()), clock, boot);
    (store, claims)
}

/// Makes a document whose id nobody can say beforehand, and answers with it.
async fn make(store: &dyn Store, claims: &Claims, asked: &Identity, id: &str) -> Result<Answer> {
    let claim = match claims.begin(&Caller::Root, asked).await? {
        Begin::Replay(answer) => return Ok(answer),
        Begin::Fresh(claim) => claim,
    };
    let body = json!({ "id": id });
    let mut writes = claim.done(StatusCode::CREATED, &body).await?;
    let key = Key::system(Collection::Uploads, id);
    writes.push(Write::Create(key, Document::default()));
    store.commit(writes).await?;
    claim.keep();
    Ok(Answer::new(StatusCode::CREATED, &body)?)
}

async fn made(app: &TestApp) -> Vec<String> {
    let page = PageRequest { limit: 100, after: None };
    let list = List { collection: Collection::Uploads, owner: None, filters: Vec::new(), page };
    let found = app.state.store.list(&list).await.unwrap().items;
    found.into_iter().map(|stored| stored.key.id).collect()
}

#[tokio::test]
async fn work_that_dies_after_any_write_has_one_effect_when_it_is_asked_for_again() {
    let mut first_time = Vec::new();
    for at in 1.. {
        let app = TestApp::new().await;
        let asked = identity("one", "hash");
        let point = CrashPoint::after(at);
        let (store, claims) = dying(&app, &point);
        let answered = point.run(make(&*store, &claims, &asked, "first")).await;
        app.clock.advance(SignedDuration::from_secs(61));
        let again = make(&*app.state.store, &app.state.claims, &asked, "second").await.unwrap();
        let made = made(&app).await;
        assert_eq!(made, [again.body["id"].as_str().unwrap()], "after write {at}");
        first_time.push(made == ["first"]);
        if let Some(answered) = answered {
            assert_eq!(answered.unwrap(), again);
            break;
        }
    }
    // The claim; the deployment's first data key; the effect with the answer; no more.
    assert_eq!(first_time, [false, false, true, true]);
}

#[tokio::test]
async fn a_late_worker_and_the_one_that_took_over_have_one_effect_between_them() {
    let app = TestApp::new().await;
    let (claims, store) = (&app.state.claims, &*app.state.store);
    let asked = identity("one", "hash");
    let Begin::Fresh(late) = claims.begin(&Caller::Root, &asked).await.unwrap() else {
        panic!("nobody asked before")
    };
    app.clock.advance(SignedDuration::from_secs(61));
    make(store, claims, &asked, "second").await.unwrap();
    let mut writes = late.done(StatusCode::CREATED, &json!({ "id": "first" })).await.unwrap();
    let key = Key::system(Collection::Uploads, "first");
    writes.push(Write::Create(key, Document::default()));
    store.commit(writes).await.unwrap_err();
    late.release().await;
    assert_eq!(made(&app).await, ["second"]);
    let again = make(store, claims, &asked, "third").await.unwrap();
    assert_eq!(again.body, json!({ "id": "second" }));
}
