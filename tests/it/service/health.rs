//! `/health` and `/health/ready`.

use std::sync::Arc;

use convergence::{store::AbsentStore, warehouse::AbsentWarehouse};
use integration_tests::{As, Options, TestApp};

use super::app;

#[tokio::test]
async fn an_app_says_what_it_is_and_that_it_is_ready() {
    let app = app(&[]).await;
    let health = app.get(As::Nobody, "/health").send().await.json_of(200);
    insta::assert_json_snapshot!(health, {".version" => "[version]"}, @r#"
    {
      "environment": "development",
      "function": "convergence",
      "status": "ok",
      "version": "[version]"
    }
    "#);
    let ready = app.get(As::Nobody, "/health/ready").send().await.json_of(200);
    insta::assert_json_snapshot!(ready, @r#"
    {
      "backends": {
        "files": "ready",
        "store": "ready",
        "warehouse": "ready"
      },
      "status": "ready"
    }
    "#);
}

#[tokio::test]
async fn an_app_whose_backends_are_down_is_up_but_not_ready() {
    let url = String::from("somewhere:");
    let (store, warehouse) = (AbsentStore { url: url.clone() }, AbsentWarehouse { url });
    let app = TestApp::with(Options {
        wrap_store: Some(Box::new(|_| Arc::new(store))),
        wrap_warehouse: Some(Box::new(|_| Arc::new(warehouse))),
        ..Options::default()
    })
    .await;
    assert_eq!(app.get(As::Nobody, "/health").send().await.status, 200);
    let answer = app.get(As::Nobody, "/health/ready").send().await;
    assert_eq!(answer.header("retry-after"), "5");
    insta::assert_debug_snapshot!(answer.refusal(), @r#"
    (
        503,
        "unavailable",
        "store: the store is unavailable: this function alone has no embedded store (somewhere:); run `convergence serve`; warehouse: the warehouse is unavailable: this function alone has no embedded warehouse (somewhere:); run `convergence serve`; files: ready",
    )
    "#);
}

#[tokio::test]
async fn an_app_whose_files_are_gone_is_not_ready_and_says_so() {
    let app = app(&[]).await;
    std::fs::remove_dir_all(app.folder.path().join("files")).unwrap();
    let (status, _, message) = app.get(As::Nobody, "/health/ready").send().await.refusal();
    assert_eq!(status, 503);
    let rest = message.strip_prefix("store: ready; warehouse: ready; files: ");
    assert!(rest.is_some_and(|why| why.contains("unavailable")), "{message}");
}
