//! An organization's API keys.

mod make;
mod revoke;
mod rotate;

use serde_json::Map;
use uuid::Uuid;

pub use self::{make::NewKey, rotate::Rotation};
use super::{Tenants, bodies::KeyBody};
use crate::{
    Error, Result,
    auth::api_key::KeyText,
    claims::Claim,
    entities::{ApiKey, KeyScope, next_version},
    org::OrgSlug,
    store::{Collection, Held, Key, List, Owner, Page, PageRequest},
};

/// A claim as a key's document names it: `{owner}/{id}`.
fn claim_text(claim: &Key) -> String {
    format!("{}/{}", claim.owner.key(), claim.id)
}

/// The claim that [`claim_text`] names.
fn claim_key(text: &str) -> Option<Key> {
    let (owner, id) = text.split_once('/')?;
    let owner = if owner == Owner::System.key() {
        Owner::System
    } else {
        Owner::Org(OrgSlug::parse(owner).ok()?)
    };
    Some(Key { collection: Collection::Claims, owner, id: id.to_owned() })
}

/// A key that is being made: the only place where its text and its document meet.
pub(super) struct Made {
    pub(super) text: KeyText,
    pub(super) document: Key,
    pub(super) key: ApiKey,
}

impl Tenants {
    /// Makes a key; nothing is written yet.
    pub(super) fn make_key(
        &self,
        org: &OrgSlug,
        name: &str,
        scopes: &[KeyScope],
        claim: &Claim,
    ) -> Made {
        let now = self.clock.now();
        let text = KeyText::generate(org, &*self.ids);
        let document = text.document(self.authenticator.peppers());
        let key = ApiKey {
            key_id: self.ids.new_id(),
            org_slug: org.clone(),
            name: name.to_owned(),
            fingerprint: text.fingerprint(),
            scopes: scopes.to_vec(),
            created_at: now,
            expires_at: None,
            revoked_at: None,
            successor: None,
            claim: claim.key().map(claim_text),
            version: next_version(0, now),
            other: Map::new(),
        };
        Made { text, document, key }
    }

    /// A page of an organization's keys, and where the next begins.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn keys(
        &self,
        org: &OrgSlug,
        page: PageRequest,
    ) -> Result<(Vec<KeyBody>, Option<String>)> {
        let now = self.clock.now();
        let page = self.key_page(org, page).await?;
        let next = page.next.clone();
        let keys = page.read::<ApiKey>()?;
        Ok((keys.iter().map(|held| KeyBody::at(&held.value, now)).collect(), next))
    }

    /// One key of an organization.
    async fn find_key(&self, org: &OrgSlug, key_id: Uuid) -> Result<Held<ApiKey>> {
        let mut page = PageRequest { limit: 500, after: None };
        loop {
            let found = self.key_page(org, page.clone()).await?;
            page.after.clone_from(&found.next);
            let mut keys = found.read::<ApiKey>()?.into_iter();
            if let Some(key) = keys.find(|held| held.value.key_id == key_id) {
                return Ok(key);
            }
            if page.after.is_none() {
                return Err(Error::NotFound("this organization has no such key".to_owned()));
            }
        }
    }

    async fn key_page(&self, org: &OrgSlug, page: PageRequest) -> Result<Page> {
        let filters = vec![("org", org.key())];
        let list = List { collection: Collection::Keys, owner: Some(Owner::System), filters, page };
        Ok(self.store.list(&list).await?)
    }
}
