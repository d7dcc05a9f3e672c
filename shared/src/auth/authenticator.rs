//! Turns credentials into callers.

use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;

use super::{
    Caller, Peppers, RootKey,
    api_key::KeyText,
    oidc::{Purpose, Verifier},
    recent::Recent,
};
use crate::{
    Error, Result,
    clock::Clock,
    entities::{ApiKey, OrgState, Organization},
    org::OrgSlug,
    store::{Key, Store, StoreExt as _},
};

/// The secrets that credentials are checked against.
#[derive(Debug)]
pub struct Credentials {
    /// The root key, where this function serves routes of it.
    pub root: Option<RootKey>,
    /// What API keys are hashed with.
    pub peppers: Peppers,
    /// Who signs tokens of service accounts.
    pub oidc: Verifier,
}

/// Checks credentials. Cheap to share; caches what the store says for at most 20 seconds.
pub struct Authenticator {
    credentials: Credentials,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    keys: Recent<Arc<ApiKey>>,
    organizations: Recent<Arc<Organization>>,
}

impl Authenticator {
    /// Checks against `credentials` and the documents of `store`.
    #[must_use]
    pub fn new(credentials: Credentials, store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let (keys, organizations) = (Recent::new(clock.clone()), Recent::new(clock.clone()));
        Self { credentials, store, clock, keys, organizations }
    }

    /// What new keys are hashed with.
    #[must_use]
    pub fn peppers(&self) -> &Peppers {
        &self.credentials.peppers
    }

    /// Drops what is remembered of a key's document: call it after a commit that changed it.
    pub fn forget_key(&self, document: &Key) {
        self.keys.forget(&document.id);
    }

    /// Drops what is remembered of an organization: call it after a commit that changed it.
    pub fn forget_organization(&self, org: &OrgSlug) {
        self.organizations.forget(&org.key());
    }

    /// The holder of the root key or of an organization's API key.
    ///
    /// # Errors
    ///
    /// 401 where there is no credential or it is wrong, 503 where the store does not answer.
    pub async fn root_or_key(&self, headers: &HeaderMap) -> Result<Caller> {
        if headers.contains_key(ROOT_KEY) {
            return self.root(headers);
        }
        let text = header(headers, API_KEY)?
            .ok_or_else(|| unauthenticated("send an API key of the organization in `X-API-Key`"))?;
        let key = KeyText::parse(text).ok_or_else(wrong_key)?;
        let found = self.find_key(&key).await?.filter(|found| found.is_active(self.now()));
        let found = found.ok_or_else(wrong_key)?;
        let ApiKey { org_slug, key_id, scopes, .. } = found.as_ref();
        Ok(Caller::Key { org: org_slug.clone(), key_id: *key_id, scopes: scopes.clone() })
    }

    /// The holder of the root key.
    ///
    /// # Errors
    ///
    /// 401 where it is absent or wrong.
    pub fn root(&self, headers: &HeaderMap) -> Result<Caller> {
        let offered = header(headers, ROOT_KEY)?
            .ok_or_else(|| unauthenticated("send the root key in `X-CA-Root-Key`"))?;
        match &self.credentials.root {
            Some(root) if root.is(offered) => Ok(Caller::Root),
            _ => Err(unauthenticated("the root key is wrong")),
        }
    }

    /// The service account that may do `purpose`.
    ///
    /// # Errors
    ///
    /// 401 where the token is absent or not such an account's, 503 where the issuer's keys
    /// cannot be had.
    pub async fn service(&self, headers: &HeaderMap, purpose: Purpose) -> Result<Caller> {
        let token = header(headers, http::header::AUTHORIZATION.as_str())?
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| unauthenticated("send the service account's OIDC token as bearer"))?;
        let email = self.credentials.oidc.verify(token, purpose, self.now()).await?;
        Ok(Caller::Service { email })
    }

    /// The organization, if it is in use.
    ///
    /// # Errors
    ///
    /// 404 where there is none or it has left, 503 where the store does not answer.
    pub async fn organization(&self, org: &OrgSlug) -> Result<Arc<Organization>> {
        let id = org.key();
        let found = match self.organizations.get(&id) {
            Some(found) => Some(found),
            None => self.organizations.load(&id, self.read_organization(org)).await?,
        };
        found.filter(|found| found.state == OrgState::Active).ok_or_else(no_organization)
    }

    async fn read_organization(
        &self,
        org: &OrgSlug,
    ) -> Result<Option<Arc<Organization>>, crate::store::StoreError> {
        let held = self.store.find::<Organization>(&Organization::key(org), self.now()).await?;
        Ok(held.map(|held| Arc::new(held.value)))
    }

    async fn find_key(&self, key: &KeyText) -> Result<Option<Arc<ApiKey>>> {
        for document in key.documents(&self.credentials.peppers) {
            if let Some(found) = self.keys.get(&document.id) {
                return Ok(Some(found));
            }
        }
        for document in key.documents(&self.credentials.peppers) {
            let read = async {
                let held = self.store.find::<ApiKey>(&document, self.now()).await?;
                Ok(held.map(|held| Arc::new(held.value)))
            };
            if let Some(found) = self.keys.load(&document.id, read).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The header of the root key.
pub(crate) const ROOT_KEY: &str = "x-ca-root-key";
/// The header of an organization's API key.
pub(crate) const API_KEY: &str = "x-api-key";

/// The one value of a header; two values are no credential at all.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value
            .to_str()
            .map(Some)
            .map_err(|_| unauthenticated("the credential has characters that no credential has")),
        (Some(_), Some(_)) => Err(unauthenticated("send one credential, not several")),
    }
}

fn unauthenticated(message: &str) -> Error {
    Error::Unauthenticated(message.to_owned())
}

fn wrong_key() -> Error {
    unauthenticated("the API key is wrong, revoked or expired")
}

/// What everybody hears who may not know whether an organization exists.
pub(super) fn no_organization() -> Error {
    Error::NotFound("there is no such organization".to_owned())
}
