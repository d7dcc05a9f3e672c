//! Requests that may be sent again: their key, and what has to be the same.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
};
use http::{Method, request::Parts};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::IntoParams;

use super::json;
use crate::{Error, Result};

const HEADER: &str = "idempotency-key";
const LONGEST: usize = 255;

/// The `Idempotency-Key` of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(names("Idempotency-Key"), parameter_in = Header)]
pub struct IdempotencyKey(
    /// The same key and body within 24 hours give the first answer again.
    pub Option<String>,
);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let mut values = parts.headers.get_all(HEADER).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let key = value.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
        match (key, values.next()) {
            (Some(key), None) => Ok(Self(Some(key.to_owned()))),
            _ => Err(Error::invalid(
                "Idempotency-Key",
                "send one key of 1 to 255 printable ASCII characters",
            )),
        }
    }
}

/// The JSON of a request that may be sent again, and what identifies the request.
#[derive(Debug)]
pub struct Repeatable<T> {
    /// What the body says.
    pub value: T,
    /// What has to be the same for the first answer to be given again.
    pub identity: Identity,
}

/// What identifies a request that may be sent again, beside its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `Idempotency-Key`; without one, every request is another.
    pub key: Option<String>,
    /// Its method.
    pub method: Method,
    /// Its path.
    pub path: String,
    /// SHA-256 of the body, in hexadecimal.
    pub body_hash: String,
}

impl<S, T> FromRequest<S> for Repeatable<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(&mut parts, state).await?;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        json::check_type(&parts.headers)?;
        let request = Request::from_parts(parts, body);
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| json::unread(&rejection))?;
        let value = json::read(&body)?;
        let body_hash = hex::encode(Sha256::digest(&body));
        Ok(Self { value, identity: Identity { key, method, path, body_hash } })
    }
}
