//! The OpenAPI document: served, committed, and the same in both places.

use std::{fs, path::Path};

use convergence::service::openapi_json;
use integration_tests::As;
use serde_json::Value;

use super::app;
use crate::update_docs;

/// `UPDATE_DOCS=1` writes the document anew.
#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let now = openapi_json(local::router()).expect("a document");
    if update_docs() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, &now).expect("written");
    }
    let committed = fs::read_to_string(&path).expect("docs/openapi.json is there");
    assert!(committed == now, "docs/openapi.json is stale: `UPDATE_DOCS=1 cargo test`");
}

#[tokio::test]
async fn the_served_document_is_the_committed_one() {
    let app = app(&[]).await;
    let served = app.get(As::Nobody, "/api/v1/openapi.json").send().await.json_of(200);
    let text = openapi_json(local::router()).expect("a document");
    let committed: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(served, committed);
    assert!(served["openapi"].as_str().expect("a version").starts_with("3.1"));
}

#[test]
fn every_operation_can_be_refused_in_our_shape_and_has_a_summary() {
    let text = openapi_json(local::router()).expect("a document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let shape = &operation["responses"]["default"]["content"]["application/json"]["schema"];
            assert_eq!(shape["$ref"], "#/components/schemas/ErrorBody", "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            assert!(ids.insert(operation["operationId"].to_string()), "{method} {path}: taken id");
        }
    }
}
