//! Who gets in where, and what the others hear.

use convergence::{
    auth::oidc::Purpose,
    entities::{KeyScope, OrgState},
};
use http::Method;
use integration_tests::{As, TestApp};
use serde_json::json;

use super::world::{app, key, organization};

async fn status(app: &TestApp, caller: As, path: &str) -> u16 {
    app.get(caller, path).send().await.status.as_u16()
}

#[tokio::test]
async fn a_key_opens_its_own_organization_whatever_the_case() {
    let app = app(&[]).await;
    let key = As::Key(key(&app, "Acme", &[KeyScope::CostsRead]).await.expose().to_owned());
    for path in ["/test/costs/Acme", "/test/costs/acme", "/test/costs/ACME"] {
        let answer = app.get(key.clone(), path).send().await.json_of(200);
        assert_eq!(answer["org"], "Acme", "as it was first written");
        assert_eq!(answer["actor"]["kind"], "api_key");
    }
}

#[tokio::test]
async fn another_organization_does_not_exist() {
    let app = app(&[]).await;
    let key = As::Key(key(&app, "globex", &KeyScope::ALL).await.expose().to_owned());
    let theirs = app.get(key.clone(), "/test/costs/Acme").send().await;
    let nobodys = app.get(key, "/test/costs/initech").send().await;
    assert_eq!(theirs.refusal(), nobodys.refusal(), "one cannot be told from the other");
    assert_eq!(theirs.status, 404);
}

#[tokio::test]
async fn a_scope_is_needed_and_no_scope_opens_what_keys_may_not() {
    let app = app(&[]).await;
    let weak = As::Key(key(&app, "Acme", &[KeyScope::OrganizationRead]).await.expose().to_owned());
    let answer = app.get(weak.clone(), "/test/runs/acme").send().await;
    insta::assert_debug_snapshot!(answer.refusal(), @r#"
    (
        403,
        "forbidden",
        "this needs a key with the scope `pipelines:run` or `costs:read`",
    )
    "#);
    let strong = As::Key(key(&app, "Acme", &KeyScope::ALL).await.expose().to_owned());
    for path in ["/test/keys/acme", "/test/edit/acme"] {
        assert_eq!(status(&app, strong.clone(), path).await, 403, "{path}");
        assert_eq!(status(&app, As::Root, path).await, 200, "{path}");
    }
    assert_eq!(status(&app, strong, "/test/runs/acme").await, 200);
}

#[tokio::test]
async fn reading_runs_does_not_start_them() {
    let app = app(&[]).await;
    let reader = As::Key(key(&app, "Acme", &[KeyScope::CostsRead]).await.expose().to_owned());
    assert_eq!(status(&app, reader.clone(), "/test/runs/acme").await, 200);
    let start = app.post(reader, "/test/runs/acme").send().await;
    assert_eq!(start.status, 403);
}

#[tokio::test]
async fn wrong_credentials_are_401_before_anything_is_looked_up() {
    let app = app(&[]).await;
    let good = key(&app, "Acme", &KeyScope::ALL).await;
    let mut forged = good.expose().to_owned();
    forged.replace_range(9..10, if &forged[9..10] == "a" { "b" } else { "a" });
    for text in [&forged, "", "acme_api_", "Acme_api_0123456789abcdef", TestApp::ROOT_KEY] {
        for path in ["/test/costs/acme", "/test/costs/initech"] {
            assert_eq!(status(&app, As::Key(text.to_owned()), path).await, 401, "{text} {path}");
        }
    }
    for caller in [As::Nobody, As::Bearer(app.token(Purpose::Push)), As::Bearer("x".to_owned())] {
        assert_eq!(status(&app, caller, "/test/costs/acme").await, 401);
    }
}

#[tokio::test]
async fn two_credentials_are_none() {
    let app = app(&[]).await;
    let key = key(&app, "Acme", &KeyScope::ALL).await;
    let twice = app.get(As::Key(key.expose().to_owned()), "/test/costs/acme");
    assert_eq!(twice.header("x-api-key", key.expose()).send().await.refusal().0, 401);
    let wrong_root = app.get(As::Key(key.expose().to_owned()), "/test/costs/acme");
    assert_eq!(wrong_root.header("x-ca-root-key", "wrong").send().await.refusal().0, 401);
}

#[tokio::test]
async fn an_organization_that_is_not_in_use_does_not_exist() {
    let app = app(&[]).await;
    for (name, state) in [
        ("creating", OrgState::Creating),
        ("deleted", OrgState::Deleted),
        ("purging", OrgState::Purging),
    ] {
        organization(&app, name, state).await;
        let key = As::Key(key(&app, name, &KeyScope::ALL).await.expose().to_owned());
        for caller in [key, As::Root] {
            assert_eq!(status(&app, caller, &format!("/test/costs/{name}")).await, 404, "{name}");
        }
    }
}

#[tokio::test]
async fn no_slug_that_is_none_gets_further() {
    let app = app(&[]).await;
    for org in ["a", "a-b", "_ab", "%2e%2e", "run", "ORGANIZATIONS", "acme%00"] {
        assert_eq!(status(&app, As::Root, &format!("/test/costs/{org}")).await, 404, "{org}");
    }
}

#[tokio::test]
async fn the_root_key_is_compared_whole() {
    let app = app(&[]).await;
    assert_eq!(
        app.get(As::Root, "/test/root").send().await.json_of(200),
        json!({"kind": "root", "id": "root"})
    );
    let (short, long) = (&TestApp::ROOT_KEY[1..], format!("{}x", TestApp::ROOT_KEY));
    for wrong in [short, &long, ""] {
        let call = app.get(As::Nobody, "/test/root").header("x-ca-root-key", wrong);
        assert_eq!(call.send().await.refusal().0, 401);
    }
    assert_eq!(status(&app, As::Nobody, "/test/root").await, 401);
}

#[tokio::test]
async fn a_service_account_opens_what_is_its_own() {
    let app = app(&[]).await;
    let (push, schedule) = (app.token(Purpose::Push), app.token(Purpose::Schedule));
    for (path, token, expected) in [
        ("/test/service", &push, 200),
        ("/test/service", &schedule, 401),
        ("/test/either", &schedule, 200),
        ("/test/either", &push, 401),
    ] {
        let answer = app.call(As::Bearer(token.clone()), Method::POST, path).send().await;
        assert_eq!(answer.status, expected, "{path}");
    }
    assert_eq!(app.post(As::Root, "/test/either").send().await.status, 200);
    assert_eq!(app.post(As::Root, "/test/service").send().await.status, 401);
    for path in ["/test/service", "/test/either"] {
        assert_eq!(app.post(As::Nobody, path).send().await.refusal().0, 401);
    }
}
