//! Whose push is taken: that of the named account with a good token, and nobody else's.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD as base64};
use convergence::queue::envelope;
use integration_tests::{As, SigningKey, TestApp};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::cloud::{Cloud, KEY, KID};
use crate::pipelines::{IMPORT, SAMPLE, tenant};

/// A token with another header and signature over the claims.
fn unsigned(algorithm: &str, claims: &Value, signature: &str) -> As {
    let header = json!({ "alg": algorithm, "typ": "JWT", "kid": KID });
    let part = |value: &Value| base64.encode(value.to_string());
    As::Bearer(format!("{}.{}.{signature}", part(&header), part(claims)))
}

/// The public key as the secret of an HMAC: the classic confusion.
fn confused(claims: &Value) -> As {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(KID.to_owned());
    let public = KEY.jwk(KID)["n"].as_str().expect("a modulus").to_owned();
    let key = EncodingKey::from_secret(public.as_bytes());
    As::Bearer(jsonwebtoken::encode(&header, claims, &key).expect("signed"))
}

/// Every caller who must not get in, by what is wrong with them.
fn wrong(cloud: &Cloud) -> Vec<(String, As)> {
    let good = cloud.claims();
    let now = good["iat"].as_i64().expect("a time");
    let mut all = vec![
        ("no token".to_owned(), As::Nobody),
        ("the root key".to_owned(), As::Root),
        ("no JWT".to_owned(), As::Bearer("a.b.c".to_owned())),
        ("alg none".to_owned(), unsigned("none", &good, "")),
        ("no signature".to_owned(), unsigned("RS256", &good, "")),
        ("a removed one".to_owned(), unsigned("RS256", &good, "SIGNATURE_REMOVED_BY_GOOGLE")),
        ("HS256".to_owned(), confused(&good)),
        ("another's key".to_owned(), As::Bearer(SigningKey::generate().sign(KID, &good))),
        ("an unknown key".to_owned(), As::Bearer(KEY.sign("2", &good))),
    ];
    for (claim, value) in [
        ("aud", json!("https://other.example.com")),
        ("aud", json!(null)),
        ("email", json!("other@project.iam.gserviceaccount.com")),
        ("email", json!(null)),
        ("email_verified", json!(false)),
        ("iss", json!("https://evil.example.com")),
        ("exp", json!(now - 61)),
        ("exp", json!(null)),
    ] {
        let mut claims = good.clone();
        claims[claim] = value.clone();
        all.push((format!("{claim} = {value}"), As::Bearer(KEY.sign(KID, &claims))));
    }
    all
}

#[tokio::test]
async fn a_push_without_the_right_token_is_401_and_no_work_is_done() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    let body = json!({ "input": acme.upload("costs.csv", SAMPLE).await });
    let accepted = acme.asks(IMPORT, &body).send().await.json_of(202);
    let message = app.next_message().await.expect("a message");
    let path = acme.path(&format!("runs/{}", accepted["run_id"].as_str().expect("an id")));
    let (folder, clock) = (app.folder.clone(), app.clock.clone());
    drop(app);
    let cloud = Cloud::after(folder, clock).await;
    let run = async || cloud.app.get(As::Root, &path).send().await.json_of(200);
    let (before, body) = (run().await, envelope(&message, "17", "push").expect("JSON"));
    assert_eq!(before["status"], "PENDING");
    for (what, caller) in wrong(&cloud) {
        let refusal = cloud.push(caller, &body).await.refusal();
        assert_eq!((refusal.0, refusal.1.as_str()), (401, "unauthenticated"), "{what}");
        assert_eq!(run().await, before, "{what}");
    }
    let _ = cloud.push(cloud.pusher(), &body).await.expect(204);
    let after = run().await;
    assert_eq!((&after["status"], &after["rejected_rows"]), (&json!("COMPLETED"), &json!(0)));
}
