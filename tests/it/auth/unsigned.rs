//! Tokens whose signature Cloud Run took away: for a service that IAM guards, and only there.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as base64};
use convergence::{
    Error, Result,
    auth::oidc::{Jwks, Purpose, Remote, Verifier},
    clock::Clock as _,
    settings::Signature,
};
use integration_tests::TestClock;
use serde_json::{Value, json};

const PUSH: &str = "push@project.iam.gserviceaccount.com";
const REMOVED: &str = "SIGNATURE_REMOVED_BY_GOOGLE";

/// Nobody answers where the keys should be: what is taken is taken without them.
fn verifier(signature: Signature) -> Verifier {
    Verifier::Remote(Box::new(Remote {
        issuer: "https://accounts.google.com".to_owned(),
        audience: "https://worker.example.com".to_owned(),
        keys: Jwks::new("http://127.0.0.1:1/certs"),
        signature,
        push: Some(PUSH.to_owned()),
        schedule: None,
    }))
}

fn claims() -> Value {
    let now = TestClock::default().now().as_second();
    json!({
        "iss": "https://accounts.google.com", "aud": "https://worker.example.com",
        "email": PUSH, "email_verified": true, "iat": now, "exp": now + 3600,
    })
}

fn token(algorithm: &str, claims: &Value, signature: &str) -> String {
    let header = json!({ "alg": algorithm, "kid": "1", "typ": "JWT" });
    let part = |value: &Value| base64.encode(value.to_string());
    format!("{}.{}.{signature}", part(&header), part(claims))
}

async fn verify(signature: Signature, token: &str) -> Result<String> {
    verifier(signature).verify(token, Purpose::Push, TestClock::default().now()).await
}

#[tokio::test]
async fn a_token_that_cloud_run_verified_is_taken_by_its_claims() {
    let token = token("RS256", &claims(), REMOVED);
    assert_eq!(verify(Signature::RemovedByCloudRun, &token).await.expect("good"), PUSH);
}

#[tokio::test]
async fn each_of_its_claims_counts_all_the_same() {
    let now = TestClock::default().now().as_second();
    for (name, value) in [
        ("aud", json!("https://other.example.com")),
        ("aud", json!(null)),
        ("iss", json!("https://evil.example.com")),
        ("email", json!("evil@project.iam.gserviceaccount.com")),
        ("email_verified", json!(false)),
        ("exp", json!(now - 61)),
        ("exp", json!(null)),
        ("nbf", json!(now + 120)),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        let refused = verify(Signature::RemovedByCloudRun, &token("RS256", &claims, REMOVED)).await;
        assert!(matches!(refused, Err(Error::Unauthenticated(_))), "{name} = {value}");
    }
    for algorithm in ["HS256", "none", "ES256"] {
        let token = token(algorithm, &claims(), REMOVED);
        assert!(verify(Signature::RemovedByCloudRun, &token).await.is_err(), "{algorithm}");
    }
}

/// Whoever writes that text below a token of their own gets in nowhere else.
#[tokio::test]
async fn everywhere_else_it_is_no_signature() {
    let unsigned = token("RS256", &claims(), REMOVED);
    assert!(verify(Signature::Verify, &unsigned).await.is_err());
    for signature in ["", "AAAA", "signature_removed_by_google", "SIGNATURE_REMOVED_BY_GOOGLE="] {
        let token = token("RS256", &claims(), signature);
        let refused = verify(Signature::RemovedByCloudRun, &token).await;
        assert!(refused.is_err(), "{signature}: every other token is verified with the keys");
    }
}
