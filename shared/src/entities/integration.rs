//! A connection of an organization to a provider: `credentials/{org}/{provider}:{name}`.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    ledger::{RowVersion, rows::IntegrationCredential},
    org::OrgSlug,
    store::{Collection, Entity, Key},
    vault::Sealed,
};

/// What is known about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum IntegrationStatus {
    /// The provider accepted it when it was last asked.
    Valid,
    /// The provider refused it when it was last asked.
    Invalid,
    /// The provider did not answer when it was last asked.
    Pending,
    /// It was forgotten; only its history is left.
    Deleted,
}

impl IntegrationStatus {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
            Self::Pending => "PENDING",
            Self::Deleted => "DELETED",
        }
    }
}

/// A connection, its credential sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Integration {
    /// Names it in ledgers; a credential that replaces another keeps it.
    pub integration_id: Uuid,
    /// Which provider.
    pub provider: String,
    /// Tells several accounts of a provider apart; `default` unless given.
    pub name: String,
    /// What is known about it.
    pub status: IntegrationStatus,
    /// The same for the same credential; tells nothing about it.
    pub fingerprint: String,
    /// Every field of the connection, for the vault to open.
    pub sealed: Sealed,
    /// The fields that are no secrets, for people and for runs.
    pub settings: BTreeMap<String, String>,
    /// When it was first set up.
    pub created_at: Timestamp,
    /// When its credential was last replaced.
    pub updated_at: Timestamp,
    /// When the provider was last asked.
    pub last_checked_at: Timestamp,
    /// Why it is not valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// How often in a row the provider did not answer.
    #[serde(default)]
    pub unanswered: u32,
    /// Version of its newest row in `org_integration_credentials`.
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Integration {
    /// How soon a provider that did not answer is asked again, doubled each time.
    pub const RECHECK: SignedDuration = SignedDuration::from_mins(5);
    /// The longest time between two such questions.
    pub const RECHECK_MOST: SignedDuration = SignedDuration::from_hours(6);

    /// Where a connection's document is.
    #[must_use]
    pub fn key(org: &OrgSlug, provider: &str, name: &str) -> Key {
        Key::org(Collection::Credentials, org, format!("{provider}:{name}"))
    }

    /// Its row of `org_integration_credentials`, which version of it that replaces, and whose doing
    /// it is.
    #[must_use]
    pub fn row(
        &self,
        org: &OrgSlug,
        replaces: Option<i64>,
        recorded_by: Option<String>,
    ) -> IntegrationCredential {
        IntegrationCredential {
            org_slug: org.clone(),
            integration_id: self.integration_id.to_string(),
            provider: self.provider.clone(),
            name: self.name.clone(),
            data_key_id: Some(self.sealed.key_version.to_string()),
            kms_key_version: self.sealed.kms_key_version.clone(),
            fingerprint: Some(self.fingerprint.clone()),
            validation_status: self.status.as_str().to_owned(),
            last_error: self.last_error.clone(),
            last_checked_at: Some(self.last_checked_at),
            metadata: Some(json!(self.settings).to_string()),
            active: self.status != IntegrationStatus::Deleted,
            created_at: self.created_at,
            version: RowVersion { version: self.version, replaces, recorded_by },
        }
    }

    /// The name of its rows: `x_source_id`.
    #[must_use]
    pub fn source_id(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }
}

impl Entity for Integration {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("provider", self.provider.clone())])
    }

    /// When to ask again, where the provider did not answer.
    fn due_at(&self) -> Option<Timestamp> {
        let pending = self.status == IntegrationStatus::Pending;
        let doubled = Self::RECHECK * (1 << self.unanswered.saturating_sub(1).min(8));
        pending.then(|| self.last_checked_at + doubled.min(Self::RECHECK_MOST))
    }
}
