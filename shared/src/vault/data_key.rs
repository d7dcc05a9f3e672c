//! A wrapped data key: `data_keys/{owner}/{version}`.

use anyhow::Context as _;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Kms, KmsError, Secret, Wrapped, cipher};
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
    /// When another took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
    /// When no credential was left that it seals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emptied_at: Option<Timestamp>,
    /// Version of its newest row in `org_kms_keys`.
    #[serde(default)]
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl DataKey {
    /// How old a key gets before another takes its place.
    pub const LASTS: SignedDuration = SignedDuration::from_hours(24 * 90);

    /// Where a version of an owner's key is. Ids sort as versions do.
    #[must_use]
    pub fn key(owner: &Owner, version: u32) -> Key {
        let id = format!("{version:010}");
        Key { collection: Collection::DataKeys, owner: owner.clone(), id }
    }

    /// Its row of `org_kms_keys`, and which version of it that replaces.
    #[must_use]
    pub fn row(&self, owner: &Owner, replaces: Option<i64>) -> KmsKey {
        let version = RowVersion { version: self.version, replaces, recorded_by: None };
        KmsKey {
            org_slug: match owner {
                Owner::System => None,
                Owner::Org(slug) => Some(slug.clone()),
            },
            data_key_id: self.key_version.to_string(),
            kms_key_name: self.kms_key.clone(),
            kms_key_version: Some(self.kms_key_version.clone()),
            algorithm: self.algorithm.clone(),
            active: self.retired_at.is_none(),
            rotated_at: self.retired_at,
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
    ) -> Result<Self, KmsError> {
        let owner = owner.key();
        let wrapped = kms.wrap(key, &bound(&owner, version)).await?;
        Ok(Self {
            key_version: version,
            kms_key: kms.key_name().to_owned(),
            kms_key_version: wrapped.version,
            algorithm: "AES-256-GCM".to_owned(),
            wrapped: BASE64_STANDARD.encode(wrapped.bytes),
            created_at,
            retired_at: None,
            emptied_at: None,
            version: next_version(0, created_at),
            owner,
            other: Map::new(),
        })
    }

    /// Wraps it again, by the newest version of the KMS's key.
    pub(super) async fn rewrap(&mut self, kms: &dyn Kms) -> Result<(), KmsError> {
        let key = self.unwrap(kms).await?;
        let wrapped = kms.wrap(&key, &bound(&self.owner, self.key_version)).await?;
        kms.key_name().clone_into(&mut self.kms_key);
        self.kms_key_version = wrapped.version;
        self.wrapped = BASE64_STANDARD.encode(wrapped.bytes);
        Ok(())
    }

    /// The key itself.
    pub(super) async fn unwrap(&self, kms: &dyn Kms) -> Result<Secret, KmsError> {
        let bytes = BASE64_STANDARD.decode(&self.wrapped).context("a wrapped key is not base64")?;
        let wrapped = Wrapped { version: self.kms_key_version.clone(), bytes };
        kms.unwrap(&wrapped, &bound(&self.owner, self.key_version)).await
    }
}

impl Entity for DataKey {
    /// When it is to be replaced; from then on until nothing is left that it seals.
    fn due_at(&self) -> Option<Timestamp> {
        match (self.retired_at, self.emptied_at) {
            (None, _) => Some(self.created_at + Self::LASTS),
            (Some(retired), None) => Some(retired),
            (Some(_), Some(_)) => None,
        }
    }
}

/// A wrapped key is good for its owner and version only.
fn bound(owner: &str, version: u32) -> Vec<u8> {
    cipher::bound(&["data key", owner, &version.to_string()])
}
