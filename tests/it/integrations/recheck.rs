//! Connections whose provider does not answer: asked again by the sweep, later each time, until it
//! says something.

use std::{fs, os::unix::fs::symlink, path::Path};

use integration_tests::As;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::world::World;

const ONE: &str = "/api/v1/integrations/acme/anvil";

/// A folder that nobody can say anything about: a link to itself.
fn silence(folder: &Path) {
    fs::remove_dir(folder).unwrap();
    symlink(folder, folder).unwrap();
}

fn speak(folder: &Path) {
    fs::remove_file(folder).unwrap();
    fs::create_dir(folder).unwrap();
}

async fn status(world: &World) -> Value {
    world.app.get(As::Root, ONE).send().await.json_of(200)
}

/// What the sweep does so much later; returns how many connections it asked.
async fn sweep_after(world: &World, wait: SignedDuration) -> usize {
    world.app.clock.advance(wait);
    let path = "/internal/scheduler/sweep";
    let swept = world.app.post(As::Root, path).send().await.json_of(200);
    usize::try_from(swept["connections"].as_u64().unwrap()).unwrap()
}

/// A connection that worked, and whose provider then fell silent.
async fn pending() -> World {
    let world = World::new().await;
    let _ = world.here("anvil").json(&world.body("default")).send().await.json_of(201);
    silence(&world.folder_path("bills"));
    let validate = format!("{ONE}/validate");
    let found = world.app.post(As::Root, &validate).send().await.json_of(200);
    assert_eq!(found["status"], "PENDING", "{found:#}");
    world
}

#[tokio::test]
async fn who_did_not_answer_is_asked_again_and_is_valid_when_it_does() {
    let world = pending().await;
    assert_eq!(sweep_after(&world, SignedDuration::from_mins(4)).await, 0);
    speak(&world.folder_path("bills"));
    assert_eq!(sweep_after(&world, SignedDuration::from_mins(1)).await, 1);
    let found = status(&world).await;
    assert_eq!((&found["status"], &found["last_error"]), (&json!("VALID"), &Value::Null));
    assert_eq!(sweep_after(&world, SignedDuration::from_hours(24)).await, 0);
    let log = world.app.get(As::Root, "/api/v1/organizations/acme/audit").send().await.text();
    assert!(log.contains("integration.recheck"), "{log}");
}

#[tokio::test]
async fn who_stays_silent_is_asked_less_and_less_often() {
    let world = pending().await;
    let mut waits = Vec::new();
    for _ in 0..9 {
        let mut minutes = 0;
        while sweep_after(&world, SignedDuration::from_mins(5)).await == 0 {
            minutes += 5;
        }
        waits.push(minutes + 5);
    }
    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
    assert_eq!(status(&world).await["status"], "PENDING");
}

#[tokio::test]
async fn what_is_wrong_is_not_asked_again() {
    let world = pending().await;
    fs::remove_file(world.folder_path("bills")).unwrap();
    assert_eq!(sweep_after(&world, SignedDuration::from_mins(5)).await, 1);
    assert_eq!(status(&world).await["status"], "INVALID");
    assert_eq!(sweep_after(&world, SignedDuration::from_hours(24)).await, 0);
}

/// Its provider left the registry: that passes with the next release, or never.
#[tokio::test]
async fn one_that_cannot_be_asked_holds_up_no_other() {
    let mut world = pending().await;
    super::world::without_registry(&mut world.app);
    assert_eq!(sweep_after(&world, SignedDuration::from_mins(5)).await, 1);
    assert_eq!(sweep_after(&world, SignedDuration::from_mins(5)).await, 0);
    assert_eq!(sweep_after(&world, SignedDuration::from_hours(6)).await, 1);
}
