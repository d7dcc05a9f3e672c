//! Tokens of an issuer elsewhere, and every way in which they can be wrong.

use std::sync::LazyLock;

use convergence::{
    Error, Result,
    auth::oidc::{Jwks, Purpose, Remote, Verifier},
    clock::Clock as _,
    settings::Signature,
};
use futures::future::join_all;
use integration_tests::{Issuer, SigningKey, TestClock};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

const PUSH: &str = "push@project.iam.gserviceaccount.com";
static ONE: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);
static TWO: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);

/// Who verifies tokens of an issuer whose keys a test changes.
struct World {
    issuer: Issuer,
    verifier: Verifier,
    clock: TestClock,
}

impl World {
    async fn start() -> Self {
        let issuer = Issuer::start().await;
        let verifier = Verifier::Remote(Box::new(Remote {
            issuer: "https://accounts.google.com".to_owned(),
            audience: "https://runs.example.com".to_owned(),
            keys: Jwks::new(&issuer.jwks_url()),
            signature: Signature::Verify,
            push: Some(PUSH.to_owned()),
            schedule: None,
        }));
        Self { issuer, verifier, clock: TestClock::default() }
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

#[tokio::test]
async fn a_good_token_names_its_account_and_keys_are_kept_for_an_hour() {
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    for _ in 0..3 {
        let token = ONE.sign("1", &world.claims());
        assert_eq!(world.verify(&token).await.expect("good"), PUSH);
    }
    assert_eq!(world.issuer.fetches().await, 1);
    world.clock.advance(SignedDuration::from_mins(61));
    world.verify(&ONE.sign("1", &world.claims())).await.expect("good");
    assert_eq!(world.issuer.fetches().await, 2);
}

#[tokio::test]
async fn every_claim_counts() {
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    let now = world.clock.now().as_second();
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
        let token = ONE.sign("1", &world.claims_but(name, value.clone()));
        let error = world.verify(&token).await.expect_err("it is wrong");
        assert!(matches!(error, Error::Unauthenticated(_)), "{name} = {value}: {error:?}");
    }
    for name in ["aud", "iss", "exp", "email", "email_verified"] {
        let mut claims = world.claims();
        claims.as_object_mut().expect("an object").remove(name);
        assert!(world.verify(&ONE.sign("1", &claims)).await.is_err(), "without {name}");
    }
    let token = ONE.sign("1", &world.claims());
    assert!(world.verifier.verify(&token, Purpose::Schedule, world.clock.now()).await.is_err());
}

#[tokio::test]
async fn no_other_algorithm_is_taken_whatever_the_token_says() {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as base64};
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    let claims = base64.encode(world.claims().to_string());
    for header in [r#"{"alg":"none","kid":"1"}"#, r#"{"alg":"None","kid":"1"}"#, r#"{"kid":"1"}"#] {
        for signature in ["", "AAAA"] {
            let token = format!("{}.{claims}.{signature}", base64.encode(header));
            assert!(world.verify(&token).await.is_err(), "{header}");
        }
    }
    // The public key as the secret of an HMAC: the classic confusion.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("1".to_owned());
    let secret =
        EncodingKey::from_secret(ONE.jwk("1")["n"].as_str().expect("a modulus").as_bytes());
    let token = jsonwebtoken::encode(&header, &world.claims(), &secret).expect("signed");
    assert!(world.verify(&token).await.is_err());
}

#[tokio::test]
async fn a_forged_or_torn_token_is_refused() {
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    let good = ONE.sign("1", &world.claims());
    let forged = TWO.sign("1", &world.claims());
    let torn = &good[..good.len() - 8];
    for token in [forged.as_str(), torn, "", "a.b.c", "..", "no token"] {
        let error = world.verify(token).await.expect_err("it is wrong");
        assert!(matches!(error, Error::Unauthenticated(_)), "{token}: {error:?}");
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it() {
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    world.verify(&ONE.sign("1", &world.claims())).await.expect("good");
    world.issuer.publish(&[("2", &TWO)]).await;
    world.clock.advance(SignedDuration::from_secs(30));
    world.verify(&TWO.sign("2", &world.claims())).await.expect("good");
    assert!(world.verify(&ONE.sign("1", &world.claims())).await.is_err(), "it was withdrawn");
}

#[tokio::test]
async fn a_storm_of_unknown_keys_causes_one_fetch() {
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    let tokens: Vec<_> =
        (0..50).map(|kid| TWO.sign(&format!("unknown {kid}"), &world.claims())).collect();
    let refused = join_all(tokens.iter().map(|token| world.verify(token))).await;
    assert!(refused.iter().all(|answer| matches!(answer, Err(Error::Unauthenticated(_)))));
    assert_eq!(world.issuer.fetches().await, 1);
    world.verify(&ONE.sign("1", &world.claims())).await.expect("the good one still works");
    world.clock.advance(SignedDuration::from_secs(29));
    assert!(world.verify(&tokens[0]).await.is_err());
    assert_eq!(world.issuer.fetches().await, 1, "within 30 seconds nobody asks again");
}

#[tokio::test]
async fn many_at_once_wait_for_one_fetch() {
    let world = World::start().await;
    world.issuer.publish(&[("1", &ONE)]).await;
    let token = ONE.sign("1", &world.claims());
    let answers = join_all((0..50).map(|_| world.verify(&token))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(world.issuer.fetches().await, 1);
}

#[tokio::test]
async fn an_issuer_that_is_down_is_not_the_callers_fault() {
    let world = World::start().await;
    world.issuer.answer(ResponseTemplate::new(500)).await;
    let token = ONE.sign("1", &world.claims());
    for _ in 0..5 {
        let error = world.verify(&token).await.expect_err("no keys");
        assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    }
    assert_eq!(world.issuer.fetches().await, 1, "it is not asked again at once");
    world.issuer.publish(&[("1", &ONE)]).await;
    world.clock.advance(SignedDuration::from_secs(30));
    world.verify(&token).await.expect("it is back");
    world.issuer.answer(ResponseTemplate::new(200).set_body_string("<html>")).await;
    world.clock.advance(SignedDuration::from_mins(70));
    let token = ONE.sign("1", &world.claims());
    world.verify(&token).await.expect("the old keys go on where new ones cannot be had");
}
