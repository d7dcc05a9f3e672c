//! A wrapped data key: `data_keys/{owner}/{version}`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Kms, Secret, Wrapped, cipher};
use crate::{
    entities::next_version,
    ledger::{RowVersion, rows::KmsKey},
    store::{Collection, Entity, Key, Owner},
};

/// The key that seals an owner's secrets, wrapped. Older versions stay, to open what they sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DataKey {
    /// Whose it is, as the store names owners.
    pub owner: String,
    /// From 1; the highest seals.
    pub key_version: u32,
    /// The name of the key that wraps it.
    pub kms_key: String,
    /// Which version of that key.
    pub kms_key_version: String,
    /// How it seals: `AES-256-GCM`.
    pub algorithm: String,
    /// The wrapped key, in base64.
    pub wrapped: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl DataKey {
    /// Where a version of an owner's key is. Ids sort as versions do.
    #[must_use]
    pub fn key(owner: &Owner, version: u32) -> Key {
        let id = format!("{version:010}");
        Key { collection: Collection::DataKeys, owner: owner.clone(), id }
    }

    /// Its row of `org_kms_keys`, as the one that seals from now on.
    #[must_use]
    pub fn row(&self, owner: &Owner) -> KmsKey {
        let version = RowVersion {
            version: next_version(0, self.created_at),
            replaces: None,
            recorded_by: None,
        };
        KmsKey {
            org_slug: match owner {
                Owner::System => None,
                Owner::Org(slug) => Some(slug.clone()),
            },
            data_key_id: self.key_version.to_string(),
            kms_key_name: self.kms_key.clone(),
            kms_key_version: Some(self.kms_key_version.clone()),
            algorithm: self.algorithm.clone(),
            active: true,
            rotated_at: None,
            created_at: self.created_at,
            version,
        }
    }

    /// Wraps a key.
    pub(super) async fn wrap(
        kms: &dyn Kms,
        key: &Secret,
        (owner, version): (&Owner, u32),
        created_at: Timestamp,
    ) -> anyhow::Result<Self> {
        let owner = owner.key();
        let wrapped = kms.wrap(key, &bound(&owner, version)).await?;
        Ok(Self {
            key_version: version,
            kms_key: kms.key_name().to_owned(),
            kms_key_version: wrapped.version,
            algorithm: "AES-256-GCM".to_owned(),
            wrapped: BASE64_STANDARD.encode(wrapped.bytes),
            created_at,
            owner,
            other: Map::new(),
        })
    }

    /// The key itself.
    pub(super) async fn unwrap(&self, kms: &dyn Kms) -> anyhow::Result<Secret> {
        let bytes = BASE64_STANDARD.decode(&self.wrapped)?;
        let wrapped = Wrapped { version: self.kms_key_version.clone(), bytes };
        kms.unwrap(&wrapped, &bound(&self.owner, self.key_version)).await
    }
}

impl Entity for DataKey {}

/// A wrapped key is good for its owner and version only.
fn bound(owner: &str, version: u32) -> Vec<u8> {
    cipher::bound(&["data key", owner, &version.to_string()])
}
