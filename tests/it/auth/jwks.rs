//! Tokens of an issuer elsewhere, and every way in which they can be wrong.

use std::sync::LazyLock;

use convergence::{
    Error, Result,
    auth::oidc::{Jwks, Purpose, Remote, Verifier},
    clock::Clock as _,
};
use futures::future::join_all;
use integration_tests::TestClock;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rsa::{
    RsaPrivateKey,
    pkcs1::{EncodeRsaPrivateKey as _, LineEnding},
    rand_core::OsRng,
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const PUSH: &str = "push@project.iam.gserviceaccount.com";
static ONE: LazyLock<Vec<u8>> = LazyLock::new(key);
static TWO: LazyLock<Vec<u8>> = LazyLock::new(key);

/// A new key of the kind that Google signs with, as PEM. No key is in the repository.
fn key() -> Vec<u8> {
    let key = RsaPrivateKey::new(&mut OsRng, 2048).expect("a key");
    key.to_pkcs1_pem(LineEnding::LF).expect("PEM").as_bytes().to_vec()
}

/// An issuer whose keys a test changes.
struct Issuer {
    server: MockServer,
    verifier: Verifier,
    clock: TestClock,
}

impl Issuer {
    async fn start() -> Self {
        let server = MockServer::start().await;
        let keys = Jwks::new(&format!("{}/certs", server.uri()));
        let verifier = Verifier::Remote(Box::new(Remote {
            issuer: "https://accounts.google.com".to_owned(),
            audience: "https://runs.example.com".to_owned(),
            keys,
            push: Some(PUSH.to_owned()),
            schedule: None,
        }));
        Self { server, verifier, clock: TestClock::default() }
    }

    /// From now on it answers with these keys.
    async fn publish(&self, keys: &[(&str, &[u8])]) {
        let keys: Vec<Value> = keys.iter().map(|(kid, pem)| jwk(kid, pem)).collect();
        self.answer(ResponseTemplate::new(200).set_body_json(json!({"keys": keys}))).await;
    }

    async fn answer(&self, answer: ResponseTemplate) {
        self.server.reset().await;
        Mock::given(path("/certs")).respond_with(answer).mount(&self.server).await;
    }

    async fn fetches(&self) -> usize {
        self.server.received_requests().await.map_or(0, |requests| requests.len())
    }

    async fn verify(&self, token: &str) -> Result<String> {
        self.verifier.verify(token, Purpose::Push, self.clock.now()).await
    }

    /// A good token's claims.
    fn claims(&self) -> Value {
        let now = self.clock.now().as_second();
        json!({
            "iss": "https://accounts.google.com",
            "aud": "https://runs.example.com",
            "email": PUSH,
            "email_verified": true,
            "iat": now,
            "exp": now + 3600,
        })
    }

    fn claims_but(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }
}

fn jwk(kid: &str, pem: &[u8]) -> Value {
    let key = EncodingKey::from_rsa_pem(pem).expect("a key");
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).expect("a public key");
    jwk.common.key_id = Some(kid.to_owned());
    serde_json::to_value(jwk).expect("JSON")
}

fn sign(kid: &str, pem: &[u8], claims: &Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(kid.to_owned());
    let key = EncodingKey::from_rsa_pem(pem).expect("a key");
    jsonwebtoken::encode(&header, claims, &key).expect("signed")
}

#[tokio::test]
async fn a_good_token_names_its_account_and_keys_are_kept_for_an_hour() {
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    for _ in 0..3 {
        let token = sign("1", &ONE, &issuer.claims());
        assert_eq!(issuer.verify(&token).await.expect("good"), PUSH);
    }
    assert_eq!(issuer.fetches().await, 1);
    issuer.clock.advance(SignedDuration::from_mins(61));
    issuer.verify(&sign("1", &ONE, &issuer.claims())).await.expect("good");
    assert_eq!(issuer.fetches().await, 2);
}

#[tokio::test]
async fn every_claim_counts() {
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    let now = issuer.clock.now().as_second();
    for (name, value) in [
        ("aud", json!("https://other.example.com")),
        ("iss", json!("https://evil.example.com")),
        ("email", json!("evil@project.iam.gserviceaccount.com")),
        ("email", json!(null)),
        ("email_verified", json!(false)),
        ("email_verified", json!(null)),
        ("exp", json!(now - 61)),
        ("exp", json!(null)),
        ("exp", json!("soon")),
        ("nbf", json!(now + 120)),
        ("aud", json!(null)),
        ("iss", json!(null)),
    ] {
        let token = sign("1", &ONE, &issuer.claims_but(name, value.clone()));
        let error = issuer.verify(&token).await.expect_err("it is wrong");
        assert!(matches!(error, Error::Unauthenticated(_)), "{name} = {value}: {error:?}");
    }
    for name in ["aud", "iss", "exp", "email", "email_verified"] {
        let mut claims = issuer.claims();
        claims.as_object_mut().expect("an object").remove(name);
        assert!(issuer.verify(&sign("1", &ONE, &claims)).await.is_err(), "without {name}");
    }
    let token = sign("1", &ONE, &issuer.claims());
    assert!(issuer.verifier.verify(&token, Purpose::Schedule, issuer.clock.now()).await.is_err());
}

#[tokio::test]
async fn no_other_algorithm_is_taken_whatever_the_token_says() {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as base64};
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    let claims = base64.encode(issuer.claims().to_string());
    for header in [r#"{"alg":"none","kid":"1"}"#, r#"{"alg":"None","kid":"1"}"#, r#"{"kid":"1"}"#] {
        for signature in ["", "AAAA"] {
            let token = format!("{}.{claims}.{signature}", base64.encode(header));
            assert!(issuer.verify(&token).await.is_err(), "{header}");
        }
    }
    // The public key as the secret of an HMAC: the classic confusion.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("1".to_owned());
    let secret =
        EncodingKey::from_secret(jwk("1", &ONE)["n"].as_str().expect("a modulus").as_bytes());
    let token = jsonwebtoken::encode(&header, &issuer.claims(), &secret).expect("signed");
    assert!(issuer.verify(&token).await.is_err());
}

#[tokio::test]
async fn a_forged_or_torn_token_is_refused() {
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    let good = sign("1", &ONE, &issuer.claims());
    let forged = sign("1", &TWO, &issuer.claims());
    let torn = &good[..good.len() - 8];
    for token in [forged.as_str(), torn, "", "a.b.c", "..", "no token"] {
        let error = issuer.verify(token).await.expect_err("it is wrong");
        assert!(matches!(error, Error::Unauthenticated(_)), "{token}: {error:?}");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it() {
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    issuer.verify(&sign("1", &ONE, &issuer.claims())).await.expect("good");
    issuer.publish(&[("2", &TWO)]).await;
    issuer.clock.advance(SignedDuration::from_secs(30));
    issuer.verify(&sign("2", &TWO, &issuer.claims())).await.expect("good");
    assert!(issuer.verify(&sign("1", &ONE, &issuer.claims())).await.is_err(), "it was withdrawn");
}

#[tokio::test]
async fn a_storm_of_unknown_keys_causes_one_fetch() {
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    let tokens: Vec<_> =
        (0..50).map(|kid| sign(&format!("unknown {kid}"), &TWO, &issuer.claims())).collect();
    let refused = join_all(tokens.iter().map(|token| issuer.verify(token))).await;
    assert!(refused.iter().all(|answer| matches!(answer, Err(Error::Unauthenticated(_)))));
    assert_eq!(issuer.fetches().await, 1);
    issuer.verify(&sign("1", &ONE, &issuer.claims())).await.expect("the good one still works");
    issuer.clock.advance(SignedDuration::from_secs(29));
    assert!(issuer.verify(&tokens[0]).await.is_err());
    assert_eq!(issuer.fetches().await, 1, "within 30 seconds nobody asks again");
}

#[tokio::test]
async fn many_at_once_wait_for_one_fetch() {
    let issuer = Issuer::start().await;
    issuer.publish(&[("1", &ONE)]).await;
    let token = sign("1", &ONE, &issuer.claims());
    let answers = join_all((0..50).map(|_| issuer.verify(&token))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(issuer.fetches().await, 1);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_not_the_callers_fault() {
    let issuer = Issuer::start().await;
    issuer.answer(ResponseTemplate::new(500)).await;
    let token = sign("1", &ONE, &issuer.claims());
    for _ in 0..5 {
        let error = issuer.verify(&token).await.expect_err("no keys");
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    }
    assert_eq!(issuer.fetches().await, 1, "it is not asked again at once");
    issuer.publish(&[("1", &ONE)]).await;
    issuer.clock.advance(SignedDuration::from_secs(30));
    issuer.verify(&token).await.expect("it is back");
    issuer.answer(ResponseTemplate::new(200).set_body_string("<html>")).await;
    issuer.clock.advance(SignedDuration::from_mins(70));
    let token = sign("1", &ONE, &issuer.claims());
    issuer.verify(&token).await.expect("the old keys go on where new ones cannot be had");
}
