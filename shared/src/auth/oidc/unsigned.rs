//! Tokens whose signature Cloud Run verified and took away.
//!
//! Where IAM lets only named accounts call a service, Cloud Run verifies the token of every request
//! and puts [`REMOVED`] where its signature was, so that whoever receives it cannot use it
//! elsewhere. Such a token proves nothing by itself: this is for services that IAM guards only.

use jsonwebtoken::{
    Algorithm, TokenData,
    dangerous::{insecure_decode, insecure_decode_claims},
};
use serde::Deserialize;

use super::verifier::{Claims, refused};
use crate::Result;

/// What stands in the place of the signature.
const REMOVED: &str = "SIGNATURE_REMOVED_BY_GOOGLE";

/// Of whom and for whom a token is.
#[derive(Deserialize)]
struct Addressed {
    iss: String,
    aud: String,
}

/// Whether the signature was taken away.
pub(super) fn is_unsigned(token: &str) -> bool {
    token.rsplit('.').next() == Some(REMOVED)
}

/// The claims of a token without signature, of this issuer and for this audience.
pub(super) fn claims(token: &str, issuer: &str, audience: &str) -> Result<Claims> {
    let wrong = |error: jsonwebtoken::errors::Error| refused(&error.to_string());
    let TokenData { header, claims } = insecure_decode::<Addressed>(token).map_err(wrong)?;
    if header.alg != Algorithm::RS256 {
        return Err(refused("the token is not one that RS256 signed"));
    }
    if claims.iss != issuer || claims.aud != audience {
        return Err(refused("the token is of another issuer, or for another audience"));
    }
    insecure_decode_claims(token).map_err(wrong)
}
