//! A credential goes in and never comes out: not in an answer, a document, a ledger or a refusal.

use std::fs;

use convergence::{
    auth::oidc::Purpose,
    store::{Collection, List, PageRequest},
};
use integration_tests::{As, TestApp};
use serde_json::{Value, json};

use super::world::{TOKEN, World};
use crate::captured::Log;

#[tokio::test]
async fn no_answer_has_the_secret() {
    let world = World::new().await;
    let body = world.body("default");
    let mut texts = vec![
        world.here("anvil").once("k").json(&body).send().await.text(),
        world.here("anvil").once("k").json(&body).send().await.text(),
    ];
    for path in [
        "/api/v1/integrations/acme",
        "/api/v1/integrations/acme/anvil",
        "/api/v1/organizations/acme/audit",
    ] {
        texts.push(world.app.get(As::Root, path).send().await.text());
    }
    let validate = "/api/v1/integrations/acme/anvil/validate";
    texts.push(world.app.post(As::Root, validate).send().await.text());
    for text in texts {
        assert!(!text.contains(TOKEN) && text.len() > 20, "{text}");
    }
}

#[tokio::test]
async fn no_refusal_repeats_what_it_refuses() {
    let world = World::new().await;
    let long = format!("{TOKEN}\u{7}");
    let bodies = [
        json!({ "credential": TOKEN }),
        json!({ "credential": [TOKEN] }),
        json!({ "credential": { "token": { "key": TOKEN } } }),
        json!({ "credential": { "token": long } }),
        json!({ "credential": { "input_prefix": TOKEN, "token": TOKEN } }),
        json!({ "name": "x", "credential": { "token": TOKEN }, "other": TOKEN }),
    ];
    for body in bodies {
        let answer = world.here("anvil").json(&body).send().await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert!(!answer.text().contains(TOKEN), "{}", answer.text());
    }
}

#[tokio::test]
async fn no_document_and_no_file_has_the_secret() {
    let world = World::new().await;
    let _ = world.here("anvil").once("k").json(&world.body("default")).send().await.json_of(201);
    for collection in Collection::ALL {
        let page = PageRequest { limit: 100, after: None };
        let query = List { collection, owner: None, filters: vec![], page };
        let found = world.app.state.store.list(&query).await.unwrap();
        assert!(!format!("{:?}", found.items).contains(TOKEN), "{collection:?}");
    }
    for file in fs::read_dir(world.app.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let token = TOKEN.as_bytes();
            assert!(!bytes.windows(token.len()).any(|part| part == token), "{}", path.display());
        }
    }
}

/// Every text that is sealed or wrapped in a document, in base64.
fn sealed(value: &Value, found: &mut Vec<String>) {
    let Value::Object(members) = value else { return };
    for (name, value) in members {
        match (name.as_str(), value) {
            ("text" | "wrapped", Value::String(text)) => found.push(text.clone()),
            _ => sealed(value, found),
        }
    }
}

async fn all_sealed(app: &TestApp) -> Vec<String> {
    let mut found = Vec::new();
    for collection in [Collection::Credentials, Collection::DataKeys, Collection::Claims] {
        let page = PageRequest { limit: 100, after: None };
        let list = List { collection, owner: None, filters: vec![], page };
        let before = found.len();
        for stored in app.state.store.list(&list).await.unwrap().items {
            sealed(&stored.document.body, &mut found);
        }
        assert!(found.len() > before, "{collection:?} holds nothing sealed");
    }
    found
}

/// Organizations come in, keys are made, replaced, revoked and misused, connections are made,
/// refused and checked, requests are repeated: whatever is secret in that.
async fn everything_with_secrets(world: &World) -> Vec<String> {
    let app = &world.app;
    let mut secrets = vec![TOKEN.to_owned(), TestApp::ROOT_KEY.to_owned()];
    let onboard =
        json!({ "org_slug": "initech", "company_name": "I", "admin_email": "a@b.example" });
    for _ in 0..2 {
        let call = app.post(As::Root, "/api/v1/organizations/onboard").once("o").json(&onboard);
        secrets.push(call.send().await.json_of(201)["api_key"].as_str().unwrap().to_owned());
    }
    let keys = "/api/v1/organizations/initech/api-keys";
    let made = app.post(As::Root, keys).once("k").json(&json!({ "name": "k" })).send().await;
    let made = made.json_of(201);
    let rotate = format!("{keys}/{}/rotate", made["key_id"].as_str().unwrap());
    let next = app.post(As::Root, &rotate).json(&json!({})).send().await.json_of(201);
    for key in [&made, &next] {
        let text = key["api_key"].as_str().unwrap().to_owned();
        for path in [keys, "/api/v1/organizations/initech", "/api/v1/organizations/acme"] {
            app.get(As::Key(text.clone()), path).send().await;
        }
        let path = format!("{keys}/{}", key["key_id"].as_str().unwrap());
        let _ = app.delete(As::Root, &path).send().await.expect(204);
        app.get(As::Key(text.chars().rev().collect()), keys).send().await;
        secrets.extend([text.chars().rev().collect(), text]);
    }
    for _ in 0..2 {
        let _ = world.here("anvil").once("c").json(&world.body("default")).send().await.expect(201);
    }
    world.here("anvil").json(&json!({ "credential": { "token": [TOKEN] } })).send().await;
    world.here("anvil").json(&json!({ "credential": { "token": TOKEN } })).send().await;
    app.post(As::Root, "/api/v1/integrations/acme/anvil/validate").send().await;
    let token = app.token(Purpose::Push);
    app.get(As::Bearer(token.clone()), keys).send().await;
    secrets.push(token);
    app.sweep().await;
    secrets.extend(all_sealed(app).await);
    secrets
}

#[tokio::test]
async fn no_line_of_the_log_has_a_secret_sealed_or_not() {
    let (world, log) = (World::new().await, Log::default());
    let logging = log.begin(None);
    let secrets = everything_with_secrets(&world).await;
    drop(logging);
    let text = log.text();
    assert!(log.lines().len() > 24, "the log was looked at: {text}");
    assert!(secrets.len() > 14, "{}", secrets.len());
    for key in ["kms.key", "hash.key"] {
        let bytes = fs::read(world.app.folder.path().join(key)).unwrap();
        let key_text = String::from_utf8_lossy(&bytes);
        assert!(key_text.trim().len() > 20 && !text.contains(key_text.trim()), "{key}");
    }
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in the log");
    }
}
