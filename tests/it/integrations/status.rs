//! Checking again, and forgetting.

use std::fs;

use integration_tests::As;
use serde_json::{Value, json};

use super::world::World;

const ONE: &str = "/api/v1/integrations/acme/anvil";

async fn validate(world: &World, name: &str) -> Value {
    let path = format!("{ONE}/validate?name={name}");
    world.app.post(As::Key(world.acme.clone()), &path).send().await.json_of(200)
}

#[tokio::test]
async fn a_connection_that_broke_is_invalid_with_the_reason_until_it_works_again() {
    let world = World::new().await;
    let _ = world.here("anvil").json(&world.body("emea")).send().await.json_of(201);
    let folder = world.folder("bills");
    fs::remove_dir(&folder).unwrap();
    world.app.clock.advance(jiff::SignedDuration::from_hours(1));
    let broken = validate(&world, "emea").await;
    assert_eq!(broken["status"], "INVALID");
    assert_eq!(broken["last_error"], format!("{}/ does not exist", folder.display()));
    assert_ne!(broken["last_checked_at"], broken["updated_at"]);
    fs::create_dir(&folder).unwrap();
    let mended = validate(&world, "emea").await;
    assert_eq!((&mended["status"], &mended["last_error"]), (&json!("VALID"), &json!(null)));
}

#[tokio::test]
async fn a_forgotten_connection_is_gone_and_can_be_made_again() {
    let world = World::new().await;
    let _ = world.here("anvil").json(&world.body("default")).send().await.json_of(201);
    let _ = world.here("anvil").json(&world.body("emea")).send().await.json_of(201);
    let _ = world.app.delete(As::Root, &format!("{ONE}?name=emea")).send().await.expect(204);
    assert_eq!(world.connected().await, ["anvil/default"]);
    for (method, path) in
        [("delete", "?name=emea"), ("get", "?name=emea"), ("post", "/validate?name=emea")]
    {
        let path = format!("{ONE}{path}");
        let call = match method {
            "get" => world.app.get(As::Root, &path),
            "post" => world.app.post(As::Root, &path),
            _ => world.app.delete(As::Root, &path),
        };
        let (status, _, message) = call.send().await.refusal();
        assert_eq!(status, 404, "{method}");
        assert!(message.contains("anvil/emea is not connected"), "{message}");
    }
    let _ = world.here("anvil").json(&world.body("emea")).send().await.json_of(201);
}

#[tokio::test]
async fn every_change_leaves_an_audit_entry() {
    let world = World::new().await;
    let _ = world.here("anvil").json(&world.body("default")).send().await.json_of(201);
    validate(&world, "default").await;
    let _ = world.app.delete(As::Root, ONE).send().await.expect(204);
    let log = world.app.get(As::Root, "/api/v1/organizations/acme/audit").send().await.json_of(200);
    let mut entries: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["target"] == "anvil/default")
        .map(|entry| format!("{} by {}", entry["action"], entry["actor_kind"]).replace('"', ""))
        .collect();
    entries.sort();
    assert_eq!(
        entries,
        [
            "integration.delete by root",
            "integration.setup by api_key",
            "integration.validate by api_key"
        ]
    );
}

#[tokio::test]
async fn a_parameter_that_is_none_is_refused() {
    let world = World::new().await;
    let refused = world.app.get(As::Root, &format!("{ONE}?nmae=x")).send().await.refusal();
    assert_eq!(refused.0, 422);
}
