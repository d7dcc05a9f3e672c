//! What a retired key sealed is sealed anew.

use anyhow::Context as _;

use super::Rotation;
use crate::{
    Result,
    entities::{Integration, next_version},
    org::OrgSlug,
    store::{Collection, Held, List, Owner, PageRequest, StoreExt as _},
    vault::DataKey,
};

/// How many credentials are read together.
const PAGE: usize = 50;

impl Rotation {
    /// Seals anew what is not sealed by the newest key; then the retired key is done.
    pub(super) async fn empty(&self, owner: &Owner, held: Held<DataKey>) -> Result<()> {
        let newest = self.vault.newest(owner).await?.context("there is no newest data key")?;
        self.reseal_all(owner, newest.key_version).await?;
        self.done(owner, held, &newest).await
    }

    async fn reseal_all(&self, owner: &Owner, newest: u32) -> Result<()> {
        // The deployment itself has no credentials.
        let Owner::Org(org) = owner else { return Ok(()) };
        let page = PageRequest { limit: PAGE, after: None };
        let (collection, filters) = (Collection::Credentials, Vec::new());
        let mut list = List { collection, owner: Some(owner.clone()), filters, page };
        loop {
            let page = self.store.list(&list).await?;
            list.page.after.clone_from(&page.next);
            for held in page.read::<Integration>()? {
                if held.value.sealed.key_version < newest {
                    self.reseal(org, held).await?;
                }
            }
            if list.page.after.is_none() {
                return Ok(());
            }
        }
    }

    /// Seals one credential anew. Fails where it is changed at the same time: a later sweep looks at
    /// what came of it.
    async fn reseal(&self, org: &OrgSlug, mut held: Held<Integration>) -> Result<()> {
        let owner = Owner::Org(org.clone());
        let (provider, name) = (held.value.provider.clone(), held.value.name.clone());
        let of = (provider.as_str(), name.as_str());
        let secret = self.vault.open(&owner, of, &held.value.sealed).await?;
        held.value.sealed = self.vault.seal(&owner, of, &secret).await?;
        let replaces = held.value.version;
        held.value.version = next_version(replaces, self.clock.now());
        let row = held.value.row(org, Some(replaces), None);
        let writes = vec![held.replace()?, self.ledger.write(&owner, &row)?];
        Ok(self.ledger.commit(writes).await.map(drop)?)
    }

    /// Wraps the key as the newest is, and is done with it.
    async fn done(&self, owner: &Owner, mut held: Held<DataKey>, newest: &DataKey) -> Result<()> {
        let wrapped_by = |key: &DataKey| (key.kms_key.clone(), key.kms_key_version.clone());
        if wrapped_by(&held.value) != wrapped_by(newest) {
            held.value.rewrap(self.vault.keys.kms()).await?;
        }
        let (replaces, now) = (held.value.version, self.clock.now());
        held.value.emptied_at = Some(now);
        held.value.version = next_version(replaces, now);
        let row = self.ledger.write(owner, &held.value.row(owner, Some(replaces)))?;
        Ok(self.ledger.commit(vec![held.replace()?, row]).await.map(drop)?)
    }

    /// A key as it is now.
    pub(super) async fn again(&self, held: &Held<DataKey>) -> Result<Held<DataKey>> {
        let found = self.store.find::<DataKey>(&held.key, self.clock.now()).await?;
        Ok(found.context("a data key is gone")?)
    }
}
