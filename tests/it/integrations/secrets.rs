//! A credential goes in and never comes out: not in an answer, a document, a ledger or a refusal.

use std::fs;

use convergence::store::{Collection, List, PageRequest};
use integration_tests::As;
use serde_json::json;

use super::world::{TOKEN, World};

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
