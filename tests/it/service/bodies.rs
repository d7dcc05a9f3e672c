//! JSON bodies, and every way in which they can be wrong.

use integration_tests::{Answer, As, TestApp};
use serde_json::json;

use super::app;

async fn post(app: &TestApp, kind: &str, body: impl Into<axum::body::Body>) -> Answer {
    app.post(As::Nobody, "/test/order").header("content-type", kind).body(body).send().await
}

#[tokio::test]
async fn a_good_body_is_read() {
    let app = app(&[]).await;
    let body = r#"{"name":"Müller & Söhne","lines":[{"count":2}]}"#;
    for kind in ["application/json", "application/json; charset=utf-8", "application/x+json"] {
        let answer = post(&app, kind, body).await.json_of(200);
        assert_eq!(answer, json!({"name": "Müller & Söhne", "counts": [2]}));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_member_names_it() {
    let app = app(&[]).await;
    let cases = [
        (r#"{"name":"a","lines":[{"count":1},{"count":-1}]}"#, "lines[1].count"),
        (r#"{"name":"a","lines":[{"count":1,"cuont":1}]}"#, "lines[0].cuont"),
        (r#"{"name":"a","lines":[],"more":1}"#, "more"),
        (r#"{"name":1,"lines":[]}"#, "name"),
        (r#"{"name":"a","name":"b","lines":[]}"#, "name"),
        (r#"{"name":"a"}"#, "lines"),
        (r#"{"name":"a","lines":[{}]}"#, "lines[0].count"),
        ("[]", ""),
    ];
    for (body, field) in cases {
        let answer = post(&app, "application/json", body).await;
        let (status, code, message) = answer.refusal();
        assert_eq!((status, code.as_str()), (422, "invalid"), "{body}");
        assert_eq!(
            answer.json()["details"],
            json!([{"field": field, "message": message}]),
            "{body}"
        );
        assert!(!message.contains(" at line "), "{message}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let app = app(&[]).await;
    for body in ["", "{", "{\"name\":", "nul", "{} {}", "\u{0}"] {
        let answer = post(&app, "application/json", body).await;
        let (status, code, _) = answer.refusal();
        assert!(
            [(400, "malformed"), (422, "invalid")].contains(&(status, code.as_str())),
            "{body}"
        );
        assert!(status == 400 || body == "{} {}", "{body}: {}", answer.text());
    }
    assert_eq!(post(&app, "application/json", vec![b'"', 0xff, b'"']).await.refusal().0, 400);
}

#[tokio::test]
async fn another_type_is_not_supported() {
    let app = app(&[]).await;
    for kind in ["text/plain", "application/xml", "application/jsonp", ""] {
        let (status, code, _) = post(&app, kind, "{}").await.refusal();
        assert_eq!((status, code.as_str()), (415, "unsupported_media_type"), "{kind}");
    }
    let without = app.post(As::Nobody, "/test/order").body("{}").send().await;
    assert_eq!(without.refusal().0, 415);
}

#[tokio::test]
async fn more_than_a_mebibyte_is_too_large() {
    let app = app(&[]).await;
    let body = |size: usize| {
        let frame = r#"{"name":"","lines":[]}"#;
        frame.replace("\"\"", &format!("\"{}\"", "a".repeat(size - frame.len())))
    };
    let most = 1024 * 1024;
    assert_eq!(post(&app, "application/json", body(most)).await.status, 200);
    let (status, code, _) = post(&app, "application/json", body(most + 1)).await.refusal();
    assert_eq!((status, code.as_str()), (413, "too_large"));
}

#[tokio::test]
async fn a_repeatable_request_says_what_identifies_it() {
    let app = app(&[]).await;
    let body = json!({"name": "a", "lines": []});
    let once = app.post(As::Nobody, "/test/repeatable?x=1").once("key-1").json(&body);
    let answer = once.send().await.json_of(200);
    insta::assert_json_snapshot!(answer, @r#"
    {
      "body_hash": "1b1fd2e036017045f7dfe0e139d58e39107db64d038fab5c6bc40b429d7691b3",
      "key": "key-1",
      "method": "POST",
      "name": "a",
      "path": "/test/repeatable"
    }
    "#);
    let without = app.post(As::Nobody, "/test/repeatable").json(&body).send().await.json_of(200);
    assert_eq!(without["key"], json!(null));
    assert_eq!(without["body_hash"], answer["body_hash"]);
}

#[tokio::test]
async fn a_key_of_idempotency_has_a_form() {
    let app = app(&[]).await;
    let body = json!({"name": "a", "lines": []});
    for key in ["", &"k".repeat(256), "schlüssel"] {
        let answer = app.post(As::Nobody, "/test/repeatable").once(key).json(&body).send().await;
        assert_eq!(answer.refusal().0, 422, "{key}");
        assert_eq!(answer.json()["details"][0]["field"], "Idempotency-Key");
    }
    let twice = app.post(As::Nobody, "/test/repeatable").once("a").once("b").json(&body);
    assert_eq!(twice.send().await.refusal().0, 422);
}
