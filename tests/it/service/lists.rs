//! Pages of lists.

use integration_tests::{Answer, As, TestApp};
use serde_json::json;

use super::app;

async fn list(app: &TestApp, query: &str) -> Answer {
    app.get(As::Nobody, &format!("/test/list?{query}")).send().await
}

#[tokio::test]
async fn a_page_has_fifty_items_unless_told_otherwise() {
    let app = app(&[]).await;
    assert_eq!(list(&app, "").await.json_of(200)["items"], json!([50]));
    for limit in ["1", "500"] {
        let answer = list(&app, &format!("limit={limit}&status=7")).await.json_of(200);
        assert_eq!(answer["items"][0].to_string(), limit);
        assert_eq!(answer["status"], 7);
    }
}

#[tokio::test]
async fn a_cursor_goes_on_where_the_page_before_ended() {
    let app = app(&[]).await;
    let first = list(&app, "").await.json_of(200);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    assert_eq!(cursor, "YS9i", "it does not show what it holds");
    assert_eq!(list(&app, &format!("cursor={cursor}")).await.json_of(200)["after"], "a/b");
}

#[tokio::test]
async fn a_bad_page_is_refused_with_all_that_is_wrong() {
    let app = app(&[]).await;
    let answer = list(&app, "limit=501&cursor=%2F%2F").await;
    assert_eq!(answer.refusal().0, 422);
    let fields: Vec<_> = answer.json()["details"]
        .as_array()
        .expect("details")
        .iter()
        .map(|detail| detail["field"].clone())
        .collect();
    assert_eq!(fields, ["limit", "cursor"]);
    for query in ["limit=0", "limit=-1", "limit=many", "cursor=_w", "status=x"] {
        assert_eq!(list(&app, query).await.refusal().0, 422, "{query}");
    }
}

#[tokio::test]
async fn a_made_up_cursor_is_refused_by_every_list_of_documents() {
    let app = TestApp::new().await;
    let org = json!({
        "org_slug": "acme", "company_name": "Acme", "admin_email": "ada@acme.example",
    });
    let onboard = app.post(As::Root, "/api/v1/organizations/onboard").json(&org);
    let _ = onboard.send().await.expect(201);
    for path in ["organizations", "organizations/acme/api-keys", "integrations/acme"] {
        let answer = app.get(As::Root, &format!("/api/v1/{path}?cursor=YWJj")).send().await;
        assert_eq!(answer.refusal().0, 422, "{path}");
        assert_eq!(answer.json()["details"][0]["field"], "cursor", "{path}");
    }
}
