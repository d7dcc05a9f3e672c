//! An issuer of tokens elsewhere, as Google is one: RS256, and its public keys at a URL.

use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use rsa::{
    RsaPrivateKey,
    pkcs1::{EncodeRsaPrivateKey as _, LineEnding},
    rand_core::OsRng,
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

/// A key that tokens are signed with. None is in the repository.
#[derive(Debug)]
pub struct SigningKey(Vec<u8>);

impl SigningKey {
    /// A new key of the kind that Google signs with.
    ///
    /// # Panics
    ///
    /// Where the machine has no randomness.
    #[must_use]
    pub fn generate() -> Self {
        let key = RsaPrivateKey::new(&mut OsRng, 2048).map(|key| key.to_pkcs1_pem(LineEnding::LF));
        match key {
            Ok(Ok(pem)) => Self(pem.as_bytes().to_vec()),
            Ok(Err(error)) => panic!("no PEM of a key: {error}"),
            Err(error) => panic!("no key: {error}"),
        }
    }

    /// A token with these claims, which names the key as `kid`.
    ///
    /// # Panics
    ///
    /// Never for a generated key.
    #[must_use]
    pub fn sign(&self, kid: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(kid.to_owned());
        match jsonwebtoken::encode(&header, claims, &self.encoding()) {
            Ok(token) => token,
            Err(error) => panic!("no token: {error}"),
        }
    }

    /// The public half, as an issuer publishes it.
    ///
    /// # Panics
    ///
    /// Never for a generated key.
    #[must_use]
    pub fn jwk(&self, kid: &str) -> Value {
        let jwk = Jwk::from_encoding_key(&self.encoding(), Algorithm::RS256).map(|mut jwk| {
            jwk.common.key_id = Some(kid.to_owned());
            json!(jwk)
        });
        match jwk {
            Ok(jwk) => jwk,
            Err(error) => panic!("no public key: {error}"),
        }
    }

    fn encoding(&self) -> EncodingKey {
        match EncodingKey::from_rsa_pem(&self.0) {
            Ok(key) => key,
            Err(error) => panic!("no key: {error}"),
        }
    }
}

/// Where an issuer publishes its keys.
#[derive(Debug)]
pub struct Issuer(MockServer);

impl Issuer {
    /// An issuer without keys.
    pub async fn start() -> Self {
        Self(MockServer::start().await)
    }

    /// As `OIDC_JWKS_URL` takes it.
    #[must_use]
    pub fn jwks_url(&self) -> String {
        format!("{}/certs", self.0.uri())
    }

    /// From now on these are its keys.
    pub async fn publish(&self, keys: &[(&str, &SigningKey)]) {
        let keys: Vec<Value> = keys.iter().map(|(kid, key)| key.jwk(kid)).collect();
        self.answer(ResponseTemplate::new(200).set_body_json(json!({"keys": keys}))).await;
    }

    /// From now on it answers with this.
    pub async fn answer(&self, answer: ResponseTemplate) {
        self.0.reset().await;
        Mock::given(path("/certs")).respond_with(answer).mount(&self.0).await;
    }

    /// How often its keys were fetched since they were published.
    pub async fn fetches(&self) -> usize {
        self.0.received_requests().await.map_or(0, |requests| requests.len())
    }
}
