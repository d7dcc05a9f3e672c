//! What a push may look like: Pub/Sub's envelope, or a CloudEvent around it.

use axum::routing::post;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use convergence::{
    auth::oidc::Purpose,
    http::{Json, Trace},
    queue::Push,
};
use integration_tests::{Answer, As, Call, Options, TestApp};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;

const RUN: &str = "01a20ccb-b597-7ff1-921d-32439ff55c2b";
const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const PUBLISHED: &str = "google.cloud.pubsub.topic.v1.messagePublished";
const SOURCE: &str = "//pubsub.googleapis.com/projects/p/topics/pipeline-runs";

/// A route that says what it was pushed.
async fn app() -> TestApp {
    let routes = OpenApiRouter::new().route(
        "/test/push",
        post(async |push: Push| {
            let Push { message, message_id } = push;
            let trace = message.trace.as_ref().and_then(Trace::traceparent);
            Json(json!({ "message": message, "id": message_id, "trace": trace }))
        }),
    );
    TestApp::with(Options { routes, ..Options::default() }).await
}

/// As Pub/Sub pushes it; captured from Google's emulator, but for the run.
fn envelope() -> Value {
    let body = json!({
        "run_id": RUN, "org_slug": "Acme", "pipeline": "acme/cost/daily", "attempt": 1,
        "window": { "start": "2026-06-01", "end": "2026-06-30" },
    });
    json!({
        "subscription": "projects/p/subscriptions/pipeline-runs-push",
        "message": {
            "data": BASE64_STANDARD.encode(body.to_string()),
            "attributes": { "org_slug": "Acme", "traceparent": TRACEPARENT },
            "messageId": "17", "message_id": "17",
            "publishTime": "2026-07-01T12:00:00.5Z", "publish_time": "2026-07-01T12:00:00.5Z",
        },
    })
}

/// The same in structured mode.
fn structured() -> Value {
    json!({
        "specversion": "1.0", "id": "17", "source": SOURCE, "type": PUBLISHED,
        "datacontenttype": "application/json", "time": "2026-07-01T12:00:00.5Z",
        "data": envelope(),
    })
}

fn push<'a>(app: &'a TestApp, kind: &str, body: &Value) -> Call<'a> {
    let call = app.post(As::Nobody, "/test/push").header("content-type", kind);
    call.body(body.to_string())
}

/// The same in binary mode, as Eventarc sends it, with another value of one header.
fn binary<'a>(app: &'a TestApp, name: &'static str, value: &str) -> Call<'a> {
    let headers = [
        ("ce-id", "17"),
        ("ce-source", SOURCE),
        ("ce-specversion", "1.0"),
        ("ce-type", PUBLISHED),
        ("ce-time", "2026-07-01T12:00:00.5Z"),
    ];
    let call = push(app, "application/json; charset=utf-8", &envelope());
    headers
        .into_iter()
        .fold(call, |call, (at, is)| call.header(at, if at == name { value } else { is }))
}

#[tokio::test]
async fn a_push_a_binary_event_and_a_structured_one_are_the_same_message() {
    let app = app().await;
    let mut encoded = structured();
    encoded["data"].take();
    encoded["data_base64"] = BASE64_STANDARD.encode(envelope().to_string()).into();
    let expected = json!({
        "message": {
            "run_id": RUN, "org_slug": "Acme", "pipeline": "acme/cost/daily", "attempt": 1,
            "window": { "start": "2026-06-01", "end": "2026-06-30" },
        },
        "id": "17",
        "trace": TRACEPARENT,
    });
    for call in [
        push(&app, "application/json", &envelope()),
        push(&app, "application/octet-stream", &envelope()),
        binary(&app, "", ""),
        push(&app, "application/cloudevents+json", &structured()),
        push(&app, "application/CloudEvents+JSON; charset=UTF-8", &structured()),
        push(&app, "application/cloudevents+json", &encoded),
    ] {
        assert_eq!(call.send().await.json_of(200), expected);
    }
}

fn refused(answer: &Answer, status: u16, word: &str) {
    let (is, _, message) = answer.refusal();
    assert_eq!(is, status, "{message}");
    assert!(message.contains(word), "{message}");
}

#[tokio::test]
async fn batches_and_other_formats_are_refused_in_words() {
    let app = app().await;
    let batch = json!([structured(), structured()]);
    for kind in ["application/cloudevents-batch+json", "application/cloudevents+avro"] {
        refused(&push(&app, kind, &batch).send().await, 415, "one at a time");
    }
}

#[tokio::test]
async fn events_of_other_triggers_are_refused_by_name() {
    let app = app().await;
    for other in ["google.cloud.storage.object.v1.finalized", "com.example.thing", ""] {
        refused(&binary(&app, "ce-type", other).send().await, 422, PUBLISHED);
        let mut event = structured();
        event["type"] = other.into();
        let call = push(&app, "application/cloudevents+json", &event);
        refused(&call.send().await, 422, &format!("`{other}`"));
    }
}

#[tokio::test]
async fn an_event_needs_what_the_specification_asks_for() {
    let app = app().await;
    refused(&binary(&app, "ce-specversion", "0.3").send().await, 422, "1.0");
    refused(&binary(&app, "ce-id", "").send().await, 422, "`id`");
    refused(&binary(&app, "ce-source", "").send().await, 422, "`source`");
    for (member, value, status) in [
        ("specversion", json!("2.0"), 422),
        ("id", json!(""), 422),
        ("data", json!(null), 400),
        ("data", json!({ "bucket": "b" }), 400),
        ("data_base64", json!("e30="), 400),
        ("type", json!(7), 400),
    ] {
        let mut event = structured();
        event[member] = value;
        let answer = push(&app, "application/cloudevents+json", &event).send().await;
        assert_eq!(answer.refusal().0, status, "{member}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_is_no_message_of_ours_is_malformed() {
    let app = app().await;
    let with = |data: &str| {
        let mut body = envelope();
        body["message"]["data"] = data.into();
        body
    };
    for body in [
        json!([]),
        json!({}),
        json!({ "message": {} }),
        with("%%%"),
        with(""),
        with(&BASE64_STANDARD.encode("{}")),
        with(&BASE64_STANDARD.encode("\u{0}")),
    ] {
        assert_eq!(push(&app, "application/json", &body).send().await.refusal().0, 400, "{body}");
    }
}

/// Whatever the attributes say: a trace of another form is none.
#[tokio::test]
async fn a_trace_that_is_none_is_left_out() {
    let app = app().await;
    let mut body = envelope();
    body["message"]["attributes"]["traceparent"] = "\"},{\"severity\":\"EMERGENCY\"".into();
    let answer = push(&app, "application/json", &body).send().await.json_of(200);
    assert_eq!((&answer["trace"], &answer["id"]), (&json!(null), &json!("17")));
}

/// The real route takes an event as it takes a push, with the same token.
#[tokio::test]
async fn a_trigger_of_eventarc_reaches_the_real_route() {
    let app = app().await;
    let path = "/internal/pubsub/pipeline-runs";
    let send = |caller: As| {
        let call = app.post(caller, path).header("content-type", "application/cloudevents+json");
        call.body(structured().to_string()).send()
    };
    assert_eq!(send(As::Nobody).await.refusal().0, 401);
    // No such run: there is nothing to do, so the message is done with.
    let _ = send(As::Bearer(app.token(Purpose::Push))).await.expect(204);
}
