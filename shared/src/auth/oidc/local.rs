//! The issuer inside the process, so that embedded deliveries carry a token as everywhere else.

use std::sync::Arc;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use p256::{
    SecretKey,
    pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding},
};
use serde_json::json;
use zeroize::Zeroizing;

use super::Purpose;
use crate::{clock::Clock, ids::Ids};

/// How long a token is good for.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// Signs tokens with an ES256 key that lives as long as the process and is written nowhere.
pub struct LocalIssuer {
    signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    clock: Arc<dyn Clock>,
}

impl LocalIssuer {
    /// Who it says it is, and whom its tokens are for.
    pub const NAME: &str = "https://convergence.internal";

    /// Makes an issuer with a new key from the randomness of `ids`.
    ///
    /// # Errors
    ///
    /// Fails when the key cannot be written down for the library that signs, which is a bug.
    pub fn new(clock: Arc<dyn Clock>, ids: &dyn Ids) -> anyhow::Result<Self> {
        let secret = new_key(ids);
        let private = secret.to_pkcs8_pem(LineEnding::LF).context("cannot write the key")?;
        let public = secret.public_key().to_public_key_pem(LineEnding::LF);
        let public = public.context("cannot write the public key")?;
        Ok(Self {
            signing: EncodingKey::from_ec_pem(private.as_bytes())?,
            verifying: DecodingKey::from_ec_pem(public.as_bytes())?,
            clock,
        })
    }

    /// A token of the account that may do `purpose`.
    ///
    /// # Errors
    ///
    /// Fails when signing fails, which is a bug.
    pub fn token(&self, purpose: Purpose) -> anyhow::Result<String> {
        let now: Timestamp = self.clock.now();
        let claims = json!({
            "iss": Self::NAME,
            "aud": Self::NAME,
            "sub": account(purpose),
            "email": account(purpose),
            "email_verified": true,
            "iat": now.as_second(),
            "exp": (now + LIFETIME).as_second(),
        });
        let header = Header::new(Algorithm::ES256);
        jsonwebtoken::encode(&header, &claims, &self.signing).context("cannot sign a token")
    }
}

/// A key: any number from 1 up to below the curve's order, which all but one in 2³² of them are.
fn new_key(ids: &dyn Ids) -> SecretKey {
    let mut bytes = Zeroizing::new([0; 32]);
    loop {
        ids.fill(&mut *bytes);
        if let Ok(key) = SecretKey::from_slice(&*bytes) {
            return key;
        }
    }
}

/// The account that the local issuer names for a purpose.
pub(super) fn account(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Push => "push@convergence.internal",
        Purpose::Schedule => "scheduler@convergence.internal",
    }
}

impl std::fmt::Debug for LocalIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LocalIssuer(…)")
    }
}
