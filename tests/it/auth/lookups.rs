//! What the store is asked while credentials are checked.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use convergence::{
    entities::KeyScope,
    store::{Collection, StoreError},
    testing::{Asked, Watch, WatchedStore},
};
use integration_tests::{As, Options, TestApp};
use tokio::sync::Semaphore;

use super::world::{self, change, key};

/// Counts how often a store is asked for keys, and lets answers through when it may.
#[derive(Debug, Clone)]
struct Counted {
    asked: Arc<AtomicUsize>,
    allowed: Arc<Semaphore>,
}

impl Counted {
    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl Watch for Counted {
    async fn after(&self, asked: Asked<'_>) -> Result<(), StoreError> {
        if let Asked::Get(key) = asked
            && key.collection == Collection::Keys
        {
            self.asked.fetch_add(1, Ordering::SeqCst);
            let _allowed = self.allowed.acquire().await;
        }
        Ok(())
    }
}

const TWO_PEPPERS: &str = "1:00000000000000000000000000000000,2:22222222222222222222222222222222";

/// An app over a watched store, who watches it, and the app below, whose store nobody watches.
async fn watched() -> (TestApp, Counted, TestApp) {
    let below = world::app(&[("HASH_KEY", TWO_PEPPERS)]).await;
    let watch = Counted { asked: Arc::default(), allowed: Arc::new(Semaphore::new(1)) };
    let store = WatchedStore { inner: below.state.store.clone(), watch: watch.clone() };
    let app = TestApp::with(Options {
        settings: [("HASH_KEY".to_owned(), TWO_PEPPERS.to_owned())].into(),
        routes: world::routes(),
        wrap_store: Some(Box::new(|_| Arc::new(store))),
        ..Options::default()
    })
    .await;
    (app, watch, below)
}

async fn status(app: &TestApp, key: &str) -> u16 {
    app.get(As::Key(key.to_owned()), "/test/costs/acme").send().await.status.as_u16()
}

#[tokio::test]
async fn random_text_is_refused_without_a_look() {
    let (app, store, _below) = watched().await;
    for text in ["acme_api_0123456789abcdef0123456789abcdef012345", "acme_api_", "x"] {
        assert_eq!(status(&app, text).await, 401);
    }
    assert_eq!(store.asked(), 0);
}

#[tokio::test]
async fn a_key_is_looked_up_once_and_an_unknown_one_under_each_pepper() {
    let (app, store, _below) = watched().await;
    let known = key(&app, "Acme", &KeyScope::ALL).await;
    for _ in 0..5 {
        assert_eq!(status(&app, known.expose()).await, 200);
    }
    assert_eq!(store.asked(), 1);
    let unknown =
        convergence::auth::api_key::KeyText::generate(&world::slug("acme"), &*app.state.ids);
    for _ in 0..2 {
        assert_eq!(status(&app, unknown.expose()).await, 401);
        assert_eq!(store.asked(), 2, "what is not there is not remembered");
    }
}

/// The answer of a look that began before a change must not outlive the change.
#[tokio::test]
async fn a_look_that_was_under_way_during_a_change_is_not_remembered() {
    let (app, store, below) = watched().await;
    let key = key(&app, "Acme", &KeyScope::ALL).await;
    let document = key.document(app.state.authenticator.peppers());
    let held = store.allowed.acquire().await.expect("open");
    let meanwhile = async {
        while store.asked.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        let now = app.state.clock.now();
        change(&below, &document, |key| key.revoked_at = Some(now)).await;
        app.state.authenticator.forget_key(&document);
        drop(held);
    };
    let (early, ()) = tokio::join!(status(&app, key.expose()), meanwhile);
    assert_eq!(early, 200, "it was good when it was looked at");
    assert_eq!(status(&app, key.expose()).await, 401);
}
