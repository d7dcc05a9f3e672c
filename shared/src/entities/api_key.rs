//! An organization's API key: `keys/-/{pepper version}.{HMAC}`. The key itself is nowhere.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{org::OrgSlug, store::Entity};

/// What a key may do. Keys never manage people, keys or plans.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum KeyScope {
    /// Read the organization's profile.
    #[serde(rename = "organization:read")]
    OrganizationRead,
    /// Read the status of integrations.
    #[serde(rename = "integrations:read")]
    IntegrationsRead,
    /// Set up, validate and delete integrations.
    #[serde(rename = "integrations:write")]
    IntegrationsWrite,
    /// Run pipelines and look at runs.
    #[serde(rename = "pipelines:run")]
    PipelinesRun,
    /// Read costs and runs.
    #[serde(rename = "costs:read")]
    CostsRead,
    /// Manage schedules.
    #[serde(rename = "schedules:write")]
    SchedulesWrite,
}

impl KeyScope {
    /// All of them: what a first key may do.
    pub const ALL: [Self; 6] = [
        Self::OrganizationRead,
        Self::IntegrationsRead,
        Self::IntegrationsWrite,
        Self::PipelinesRun,
        Self::CostsRead,
        Self::SchedulesWrite,
    ];

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrganizationRead => "organization:read",
            Self::IntegrationsRead => "integrations:read",
            Self::IntegrationsWrite => "integrations:write",
            Self::PipelinesRun => "pipelines:run",
            Self::CostsRead => "costs:read",
            Self::SchedulesWrite => "schedules:write",
        }
    }
}

/// A key, without the key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApiKey {
    /// Names the key in the API.
    pub key_id: Uuid,
    /// Whose it is.
    pub org_slug: OrgSlug,
    /// What its owner calls it.
    pub name: String,
    /// Its first and last four characters.
    pub fingerprint: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused: the end of an overlap, or as its owner chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// The key that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Uuid>,
    /// The claim whose sealed answer holds the key, if its making can be asked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Version of its newest row in `org_api_keys`.
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ApiKey {
    /// Whether it opens anything at `now`.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

impl Entity for ApiKey {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("org", self.org_slug.key())])
    }
}
