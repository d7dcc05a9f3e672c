//! How often a caller may ask.

use http::Method;
use integration_tests::{Answer, As, TestApp};

use super::app;

async fn limited(burst: &str) -> TestApp {
    let settings = [
        ("RATE_LIMIT_ENABLED", "true"),
        ("RATE_LIMIT_PER_SECOND", "1"),
        ("RATE_LIMIT_BURST", burst),
        ("TRUSTED_PROXIES", "1"),
    ];
    app(&settings).await
}

async fn from(app: &TestApp, address: &str, caller: As) -> Answer {
    let call = app.call(caller, Method::GET, "/test/meta");
    call.header("x-forwarded-for", address).send().await
}

#[tokio::test]
async fn an_empty_bucket_is_429_and_says_when_to_come_back() {
    let app = limited("3").await;
    for remaining in ["2", "1", "0"] {
        let answer = from(&app, "192.0.2.1", As::Nobody).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-limit"), "3");
        assert_eq!(answer.header("ratelimit-remaining"), remaining);
    }
    let answer = from(&app, "192.0.2.1", As::Nobody).await;
    let (status, code, _) = answer.refusal();
    assert_eq!((status, code.as_str()), (429, "too_many_requests"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(answer.header("ratelimit-remaining"), "0");
    assert_eq!(answer.header("ratelimit-reset"), "3");
}

#[tokio::test]
async fn addresses_do_not_share_a_bucket_and_cannot_be_made_up() {
    let app = limited("1").await;
    assert_eq!(from(&app, "192.0.2.1", As::Nobody).await.status, 200);
    assert_eq!(from(&app, "192.0.2.2", As::Nobody).await.status, 200);
    assert_eq!(from(&app, "198.51.100.9, 192.0.2.1", As::Nobody).await.status, 429);
}

#[tokio::test]
async fn credentials_have_buckets_of_their_own() {
    let app = limited("1").await;
    assert_eq!(from(&app, "192.0.2.1", As::Root).await.status, 200);
    assert_eq!(from(&app, "192.0.2.1", As::Nobody).await.status, 200);
    assert_eq!(from(&app, "192.0.2.3", As::Root).await.status, 429);
}

#[tokio::test]
async fn who_guesses_credentials_is_slowed_down() {
    let app = limited("3").await;
    let mut seen = Vec::new();
    for guess in 0..5 {
        let call = app.get(As::Key(format!("guess {guess}")), "/test/acme/costs");
        seen.push(call.header("x-forwarded-for", "192.0.2.1").send().await.status.as_u16());
    }
    assert_eq!(seen, [401, 401, 401, 429, 429]);
}

#[tokio::test]
async fn without_a_limit_nothing_is_said_of_one() {
    let app = app(&[]).await;
    assert_eq!(app.get(As::Nobody, "/health").send().await.header("ratelimit-limit"), "");
}
