//! Asking a provider's API: what is tried again, how long is waited, what is never shown.

use std::time::Duration;

use convergence::providers::{ApiError, Reach};
use serde_json::{Value, json};
use tokio::time::Instant;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method},
};

const KEY: &str = "sk-secret-0123456789";

async fn served(answers: Vec<ResponseTemplate>) -> MockServer {
    let server = MockServer::start().await;
    for answer in answers {
        let mock = Mock::given(method("GET")).and(header("x-api-key", KEY));
        mock.respond_with(answer).up_to_n_times(1).mount(&server).await;
    }
    server
}

async fn ask(server: &MockServer) -> Result<Value, ApiError> {
    let reach = Reach::new(Some(&server.uri()));
    let api = reach.api("acme", "https://unused.example").unwrap().with("x-api-key", KEY);
    assert!(!format!("{api:?} {reach:?}").contains(KEY));
    api.get("/costs", &[("day", "1".to_owned())]).await
}

fn good() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "fine": true }))
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_waited() {
    for (name, value) in [("retry-after", "1"), ("x-ratelimit-reset-requests", "1s")] {
        let full = ResponseTemplate::new(429)
            .insert_header(name, value)
            .insert_header("x-ratelimit-remaining-requests", "0");
        let server = served(vec![full, good()]).await;
        let began = Instant::now();
        assert_eq!(ask(&server).await.unwrap(), json!({ "fine": true }));
        assert!(began.elapsed() >= Duration::from_secs(1), "{name}");
    }
}

#[tokio::test]
async fn who_asks_for_a_long_wait_is_left_for_later() {
    for (name, value) in [
        ("retry-after", "3600"),
        ("retry-after", "Tue, 01 Jan 2030 13:00:00 GMT"),
        ("anthropic-ratelimit-requests-reset", "2030-01-01T13:00:00Z"),
    ] {
        let full = ResponseTemplate::new(429)
            .insert_header("date", "Tue, 01 Jan 2030 12:00:00 GMT")
            .insert_header("anthropic-ratelimit-requests-remaining", "0")
            .insert_header(name, value);
        let server = served(vec![full, good()]).await;
        let error = ask(&server).await.unwrap_err();
        assert!(matches!(error, ApiError::Silent(_)), "{name} {error:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_never_shown() {
    let text = format!("Incorrect API key provided: {KEY}");
    let server = served(vec![ResponseTemplate::new(401).set_body_string(text), good()]).await;
    let error = ask(&server).await.unwrap_err();
    assert!(!format!("{error:?}").contains(KEY));
    let ApiError::Refused(refusal) = error else { panic!("{error:?}") };
    assert!(refusal.says(&["incorrect api key"]));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_does_not_follow_a_redirect() {
    let elsewhere = MockServer::start().await;
    let away = ResponseTemplate::new(302).insert_header("location", elsewhere.uri());
    let server = served(vec![away]).await;
    assert!(matches!(ask(&server).await.unwrap_err(), ApiError::Refused(_)));
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let huge = ResponseTemplate::new(200).set_body_bytes(vec![b' '; (32 << 20) + 1]);
    let server = served(vec![huge.clone(), huge.clone(), huge.clone(), huge.clone(), huge]).await;
    let ApiError::Silent(cause) = ask(&server).await.unwrap_err() else { panic!("refused") };
    assert!(format!("{cause:#}").contains("longer than 32 MiB"), "{cause:#}");
}

#[tokio::test]
async fn nobody_there_is_silence() {
    let reach = Reach::new(Some("http://127.0.0.1:9"));
    let api = reach.api("acme", "").unwrap();
    let error = api.get::<Value>("/costs", &[]).await.unwrap_err();
    assert!(matches!(error, ApiError::Silent(_)), "{error:?}");
}
