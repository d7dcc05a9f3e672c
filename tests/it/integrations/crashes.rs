//! Setting up, cut off after every write: the connection is there whole or not at all, counted
//! once, and the same request then works.

use std::{fs, sync::Arc};

use convergence::testing::{CrashPoint, CrashingStore};
use integration_tests::{As, Options, TestApp};
use jiff::SignedDuration;

use super::world::{World, setup, with_registry};

/// Another process on the same backends, with the same keys, which dies at a point.
async fn dying(world: &World, point: &CrashPoint) -> TestApp {
    let folder = tempfile::tempdir().unwrap();
    for key in ["kms.key", "hash.key"] {
        fs::copy(world.app.folder.path().join(key), folder.path().join(key)).unwrap();
    }
    let store = CrashingStore::new(world.app.state.store.clone(), point.clone());
    world.app.clock.advance(SignedDuration::from_secs(1));
    let mut app = TestApp::with(Options {
        folder: Some(Arc::new(folder)),
        clock: Some(world.app.clock.clone()),
        wrap_store: Some(Box::new(|_| Arc::new(store))),
        ..Options::default()
    })
    .await;
    with_registry(&mut app);
    app
}

#[tokio::test]
async fn cut_off_after_any_write_it_is_whole_or_not_there_and_works_when_sent_again() {
    let world = World::new().await;
    for at in 1..12 {
        let point = CrashPoint::after(at);
        let name = format!("after_{at}");
        let body = world.body(&name);
        let app = dying(&world, &point).await;
        let call = setup(&app, As::Root, "anvil").once(&name).json(&body).send();
        let answered = point.run(call).await.is_some();
        let there = world.connected().await.contains(&format!("anvil/{name}"));
        assert!(!answered || there, "answered, so it is there");
        world.app.clock.advance(SignedDuration::from_mins(2));
        let again = world.setup(As::Root, "anvil").once(&name).json(&body).send().await;
        assert_eq!(again.status, 201, "{at}: {}", again.text());
        let sources = world.connected().await;
        assert_eq!(sources.len(), at, "{sources:?}");
        if answered {
            assert!(at > 2, "the claim and the connection are two writes");
            return;
        }
    }
    panic!("more writes than were tried");
}
