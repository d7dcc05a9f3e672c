//! Checks that a token is of the issuer, for us, in time, and of the account that was named.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::{Jwks, LocalIssuer, Purpose, local::account, unsigned};
use crate::{Error, Result, settings::Signature};

/// Clocks may differ by so many seconds.
const LEEWAY: i64 = 60;

/// An issuer elsewhere, and the accounts that may call.
#[derive(Debug)]
pub struct Remote {
    /// `iss` of its tokens.
    pub issuer: String,
    /// `aud` of its tokens: the address of this service.
    pub audience: String,
    /// Where its keys are.
    pub keys: Jwks,
    /// Who checks the signatures of its tokens.
    pub signature: Signature,
    /// The account that delivers messages.
    pub push: Option<String>,
    /// The account that triggers what is due.
    pub schedule: Option<String>,
}

/// Verifies tokens of service accounts. Each issuer has one algorithm, whatever a token says.
#[derive(Debug)]
pub enum Verifier {
    /// No issuer is trusted: every token is refused.
    Nobody,
    /// The issuer inside this process, ES256.
    Local(std::sync::Arc<LocalIssuer>),
    /// Google, RS256.
    Remote(Box<Remote>),
}

#[derive(Deserialize)]
pub(super) struct Claims {
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    email: String,
    #[serde(default)]
    email_verified: bool,
}

impl Verifier {
    /// The account whose token this is, if it may do `purpose` at `now`.
    ///
    /// # Errors
    ///
    /// 401 with one message for all that can be wrong with a token (the reason is in the log),
    /// 503 where the issuer's keys cannot be had.
    pub async fn verify(&self, token: &str, purpose: Purpose, now: Timestamp) -> Result<String> {
        let claims = match self {
            Self::Nobody => return Err(refused("no issuer is configured")),
            Self::Local(issuer) => {
                let rules = validation(Algorithm::ES256, LocalIssuer::NAME, LocalIssuer::NAME);
                decode(token, &issuer.verifying, &rules)?
            }
            Self::Remote(remote)
                if remote.signature == Signature::RemovedByCloudRun
                    && unsigned::is_unsigned(token) =>
            {
                unsigned::claims(token, &remote.issuer, &remote.audience)?
            }
            Self::Remote(remote) => {
                let rules = validation(Algorithm::RS256, &remote.issuer, &remote.audience);
                decode(token, &remote.keys.key(kid(token)?, now).await?, &rules)?
            }
        };
        self.accept(claims, purpose, now)
    }

    fn accept(&self, claims: Claims, purpose: Purpose, now: Timestamp) -> Result<String> {
        let second = now.as_second();
        if claims.exp + LEEWAY <= second {
            return Err(refused("the token has expired"));
        }
        if claims.nbf.is_some_and(|from| from > second + LEEWAY) {
            return Err(refused("the token is not valid yet"));
        }
        if !claims.email_verified || self.account(purpose) != Some(claims.email.as_str()) {
            return Err(refused("the token is of an account that was not named"));
        }
        Ok(claims.email)
    }

    fn account(&self, purpose: Purpose) -> Option<&str> {
        match (self, purpose) {
            (Self::Nobody, _) => None,
            (Self::Local(_), purpose) => Some(account(purpose)),
            (Self::Remote(remote), Purpose::Push) => remote.push.as_deref(),
            (Self::Remote(remote), Purpose::Schedule) => remote.schedule.as_deref(),
        }
    }
}

/// Time is judged by [`Verifier::accept`], whose clock is handed in.
fn validation(algorithm: Algorithm, issuer: &str, audience: &str) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud"]);
    rules.validate_exp = false;
    rules
}

fn decode(token: &str, key: &DecodingKey, rules: &Validation) -> Result<Claims> {
    jsonwebtoken::decode(token, key, rules)
        .map(|data| data.claims)
        .map_err(|error| refused(&error.to_string()))
}

fn kid(token: &str) -> Result<String> {
    jsonwebtoken::decode_header(token)
        .map_err(|error| refused(&error.to_string()))?
        .kid
        .ok_or_else(|| refused("the token names no key"))
}

/// One message for the caller; the reason helps only whoever reads the log.
pub(super) fn refused(reason: &str) -> Error {
    tracing::info!(reason, "a service account's token was refused");
    Error::Unauthenticated(
        "the token is not one of the service account that may call this".to_owned(),
    )
}
