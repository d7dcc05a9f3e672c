//! Setting up: checked whole, then with the provider, then kept; and who may.

use integration_tests::As;
use serde_json::json;

use super::world::World;

#[tokio::test]
async fn a_connection_that_works_is_kept_and_shown_without_its_secret() {
    let world = World::new().await;
    let answer = world.here("anvil").json(&world.body("default")).send().await.json_of(201);
    assert_eq!(answer["source_id"], "anvil/default");
    assert_eq!(answer["status"], "VALID");
    assert_eq!(answer["last_error"], json!(null));
    let settings: Vec<_> = answer["settings"].as_object().unwrap().keys().collect();
    assert_eq!(settings, ["input_prefix"]);
    assert_eq!(answer["fingerprint"].as_str().unwrap().len(), 16);
    let path = "/api/v1/integrations/acme/anvil";
    let shown = world.app.get(As::Key(world.acme.clone()), path).send().await.json_of(200);
    assert_eq!(shown, answer);
}

#[tokio::test]
async fn another_credential_of_the_same_name_replaces_it_and_another_name_stands_beside_it() {
    let world = World::new().await;
    let first = world.here("anvil").json(&world.body("default")).send().await.json_of(201);
    let mut other = world.body("default");
    other["credential"]["token"] = json!("another");
    let second = world.here("anvil").json(&other).send().await.json_of(200);
    assert_eq!(first["created_at"], second["created_at"]);
    assert_ne!(first["fingerprint"], second["fingerprint"]);
    let again = world.here("anvil").json(&other).send().await.json_of(200);
    assert_eq!(again["fingerprint"], second["fingerprint"], "the same credential, the same print");
    let _ = world.here("anvil").json(&world.body("emea")).send().await.json_of(201);
    assert_eq!(world.connected().await, ["anvil/emea", "anvil/default"]);
}

#[tokio::test]
async fn every_mistake_in_the_form_is_said_at_once() {
    let world = World::new().await;
    let body = json!({
        "name": "No Name!",
        "credential": { "input_prefix": "/srv", "colour": "red" },
    });
    let refused = world.here("anvil").json(&body).send().await.json_of(422);
    let details = refused["details"].as_array().unwrap();
    let fields: Vec<_> = details.iter().map(|detail| detail["field"].as_str().unwrap()).collect();
    assert_eq!(
        fields,
        ["credential.colour", "credential.input_prefix", "credential.token", "name"]
    );
    let unknown = json!({ "credential": {}, "secret": "x" });
    let _ = world.here("anvil").json(&unknown).send().await.json_of(422);
    assert!(world.connected().await.is_empty());
}

#[tokio::test]
async fn what_its_provider_refuses_is_said_and_not_kept() {
    let world = World::new().await;
    let mut body = world.body("default");
    body["credential"]["input_prefix"] = json!("file:///there/is/no/such/folder/");
    let (status, code, message) = world.here("anvil").json(&body).send().await.refusal();
    assert_eq!((status, code.as_str()), (422, "invalid"));
    assert_eq!(message, "/there/is/no/such/folder/ does not exist");
    assert!(world.connected().await.is_empty());
}

#[tokio::test]
async fn an_unknown_provider_is_answered_with_those_there_are() {
    let world = World::new().await;
    let (status, _, message) = world.here("nobody").json(&world.body("a")).send().await.refusal();
    assert_eq!(status, 404);
    assert!(message.contains("`nobody`") && message.contains("anvil, bolt"), "{message}");
}

#[tokio::test]
async fn folders_of_the_server_are_the_operators_to_register() {
    let world = World::new().await;
    let body = world.body("default");
    let key = || As::Key(world.acme.clone());
    let far = world.setup(key(), "anvil").json(&body).send().await.refusal();
    assert_eq!(far.0, 403);
    assert!(far.2.contains("root key"), "{}", far.2);
    let wrong = world.setup(key(), "anvil").header("x-ca-boot-id", "0").json(&body).send().await;
    assert_eq!(wrong.refusal().0, 403);
    let _ = world.setup(As::Root, "anvil").json(&body).send().await.json_of(201);
}

#[tokio::test]
async fn another_organization_is_not_there() {
    let world = World::new().await;
    let _ = world.here("anvil").json(&world.body("default")).send().await.json_of(201);
    let globex = || As::Key(world.globex.clone());
    let paths = ["/api/v1/integrations/acme", "/api/v1/integrations/acme/anvil"];
    for path in paths {
        assert_eq!(world.app.get(globex(), path).send().await.refusal().0, 404, "{path}");
    }
    let call = world.setup(globex(), "anvil").json(&world.body("default"));
    assert_eq!(call.send().await.refusal().0, 404);
    assert_eq!(world.app.delete(globex(), paths[1]).send().await.refusal().0, 404);
    let own = world.app.get(globex(), "/api/v1/integrations/globex").send().await.json_of(200);
    assert_eq!(own["items"], json!([]));
}

#[tokio::test]
async fn the_same_request_sent_again_is_answered_the_same_and_done_once() {
    let world = World::new().await;
    let body = world.body("default");
    let first = world.here("anvil").once("one").json(&body).send().await.json_of(201);
    let again = world.here("anvil").once("one").json(&body).send().await.json_of(201);
    assert_eq!(first, again);
    let other = world.here("anvil").once("one").json(&world.body("emea")).send().await.refusal();
    assert_eq!((other.0, other.1.as_str()), (409, "conflict"));
    assert_eq!(world.connected().await, ["anvil/default"]);
    let mut wrong = world.body("other");
    wrong["credential"]["input_prefix"] = json!("file:///there/is/no/such/folder/");
    for _ in 0..2 {
        let refused = world.here("anvil").once("two").json(&wrong).send().await.refusal();
        assert_eq!(refused.0, 422, "a refused request keeps no claim");
    }
}

#[tokio::test]
async fn the_registry_is_shown_to_anyone() {
    let world = World::new().await;
    let list = world.app.get(As::Nobody, "/api/v1/providers").send().await.json_of(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 8);
    let fields = list["items"][0]["fields"].as_array().unwrap();
    assert_eq!(fields[1]["name"], "token");
    assert_eq!(fields[1]["secret"], true);
}

#[tokio::test]
async fn the_ledger_tells_which_keys_seal_a_credential() {
    let world = World::new().await;
    let _ = world.here("anvil").json(&world.body("default")).send().await.expect(201);
    let told = async |text: &str| {
        let query = convergence::warehouse::Query::new("test", text);
        let system = convergence::warehouse::Dataset::System;
        let answer = world.app.state.warehouse.query(&system, &query).await.unwrap();
        convergence::testing::lines(&answer.batches).unwrap()
    };
    let select = "filter org_slug == \"acme\"\nselect {data_key_id, kms_key_version}\n";
    let sealed = told(&format!("from org_integration_credentials\n{select}")).await;
    assert_eq!(sealed, told(&format!("from org_kms_keys\n{select}")).await);
    assert!(sealed.len() == 1 && !sealed[0].contains("null"), "{sealed:?}");
}
