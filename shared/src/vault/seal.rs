//! Sealing and opening.

use std::{fmt, sync::Arc};

use anyhow::Context as _;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use super::{DataKey, Kms, Secret, cipher, unwrapped::Unwrapped};
use crate::{
    clock::Clock,
    ids::Ids,
    ledger::Ledger,
    store::{Entity as _, List, Owner, PageRequest, Store, StoreError, StoreExt as _, Write},
};

/// A sealed secret, as documents hold it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Which version of its owner's data key sealed it.
    pub key_version: u32,
    /// Which version of the KMS's key wrapped that data key then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key_version: Option<String>,
    /// Nonce, text and tag, in base64.
    text: String,
}

/// Seals secrets, and opens them for whom they were sealed.
pub struct Vault {
    pub(super) keys: Unwrapped,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Vault {
    /// Wraps data keys by `kms` and keeps them in `store`.
    #[must_use]
    pub fn new(
        kms: Arc<dyn Kms>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        let keys = Unwrapped::new(kms, clock.clone());
        Self { keys, store, clock, ids }
    }

    /// A new data key, one version above the owner's newest, and the write that puts it in use.
    /// Whoever commits it adds its row of `org_kms_keys`.
    ///
    /// # Errors
    ///
    /// Fails where the KMS or the store cannot be reached.
    pub async fn new_data_key(&self, owner: &Owner) -> crate::Result<(DataKey, Write)> {
        let newest = self.newest(owner).await?.map_or(0, |key| key.key_version);
        let key = cipher::new_key(&*self.ids);
        let version = (owner, newest + 1);
        let data_key = DataKey::wrap(self.keys.kms(), &key, version, self.clock.now()).await?;
        let write = data_key.create(DataKey::key(owner, data_key.key_version))?;
        Ok((data_key, write))
    }

    /// The writes that give `owner` its first data key and say so in the ledger; none where it has
    /// one. Of several that commit them at the same time one wins.
    ///
    /// # Errors
    ///
    /// As [`Vault::new_data_key`].
    pub async fn missing_data_key(
        &self,
        owner: &Owner,
        ledger: &Ledger,
    ) -> crate::Result<Vec<Write>> {
        if self.newest(owner).await?.is_some() {
            return Ok(Vec::new());
        }
        let (data_key, write) = self.new_data_key(owner).await?;
        Ok(vec![write, ledger.write(owner, &data_key.row(owner, None))?])
    }

    /// Seals a secret of `owner` for (`provider`, `name`).
    ///
    /// # Errors
    ///
    /// Fails where the owner has no data key, or KMS or store cannot be reached.
    pub async fn seal(
        &self,
        owner: &Owner,
        (provider, name): (&str, &str),
        secret: &Secret,
    ) -> crate::Result<Sealed> {
        let newest = self.newest(owner).await?;
        let newest = newest.with_context(|| format!("`{}` has no data key", owner.key()))?;
        let key = self.keys.get(owner, &newest).await?;
        let bound = cipher::bound(&[&owner.key(), provider, name]);
        let text = cipher::encrypt(&key, secret, &bound, &*self.ids)?;
        Ok(Sealed {
            key_version: newest.key_version,
            kms_key_version: Some(newest.kms_key_version),
            text: BASE64_STANDARD.encode(text),
        })
    }

    /// Opens what was sealed for the same owner, provider and name.
    ///
    /// # Errors
    ///
    /// Fails for any other, and where KMS or store cannot be reached.
    pub async fn open(
        &self,
        owner: &Owner,
        (provider, name): (&str, &str),
        sealed: &Sealed,
    ) -> crate::Result<Secret> {
        let now = self.clock.now();
        let held =
            self.store.find::<DataKey>(&DataKey::key(owner, sealed.key_version), now).await?;
        let data_key = held.context("a data key is missing")?.value;
        let key = self.keys.get(owner, &data_key).await?;
        let text = BASE64_STANDARD.decode(&sealed.text).context("a sealed text is not base64")?;
        let bound = cipher::bound(&[&owner.key(), provider, name]);
        Ok(cipher::decrypt(&key, &text, &bound)?)
    }

    /// The key that seals for an owner.
    pub(super) async fn newest(&self, owner: &Owner) -> Result<Option<DataKey>, StoreError> {
        let query = List {
            collection: DataKey::key(owner, 0).collection,
            owner: Some(owner.clone()),
            filters: Vec::new(),
            page: PageRequest { limit: 1, after: None },
        };
        let page = self.store.list(&query).await?.read::<DataKey>()?;
        Ok(page.into_iter().next().map(|held| held.value))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed(by version {})", self.key_version)
    }
}
