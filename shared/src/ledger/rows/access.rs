//! Who did what, and with which secrets.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{LedgerRow, RowVersion};
use crate::org::OrgSlug;

/// A version of an integration; the credential itself is only in the store, sealed: a row of `org_integration_credentials`.
#[derive(Debug, Clone, Serialize)]
pub struct IntegrationCredential {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// Its id.
    pub integration_id: String,
    /// The provider.
    pub provider: String,
    /// Tells several accounts of a provider apart.
    pub name: String,
    /// The data key that seals the credential.
    pub data_key_id: Option<String>,
    /// The key that wraps that data key.
    pub kms_key_version: Option<String>,
    /// Tells credentials apart without showing them.
    pub fingerprint: Option<String>,
    /// VALID, INVALID, PENDING or DELETED.
    pub validation_status: String,
    /// Why the last check failed.
    pub last_error: Option<String>,
    /// When it was checked last.
    pub last_checked_at: Option<Timestamp>,
    /// JSON.
    pub metadata: Option<String>,
    /// Whether it is in use.
    pub active: bool,
    /// When it was made; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for IntegrationCredential {
    const TABLE: &'static str = "org_integration_credentials";
}

/// Who did what: a row of `org_audit_logs`.
#[derive(Debug, Clone, Serialize)]
pub struct AuditLog {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// root, `api_key` or service.
    pub actor_kind: String,
    /// root, the id of a key, or an e-mail address.
    pub actor_id: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub target: String,
    /// success or failure.
    pub outcome: String,
    /// The request.
    pub request_id: Uuid,
    /// From where, as far as it is known.
    pub address: Option<String>,
    /// JSON.
    pub details: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

impl LedgerRow for AuditLog {
    const TABLE: &'static str = "org_audit_logs";
}

/// A version of a data key, never the key: a row of `org_kms_keys`.
#[derive(Debug, Clone, Serialize)]
pub struct KmsKey {
    /// Whose key it is; null for the deployment's own.
    pub org_slug: Option<OrgSlug>,
    /// Its id.
    pub data_key_id: String,
    /// The key that wraps it.
    pub kms_key_name: String,
    /// The version of that key.
    pub kms_key_version: Option<String>,
    /// What it seals with.
    pub algorithm: String,
    /// Whether new credentials are sealed with it.
    pub active: bool,
    /// When another took its place.
    pub rotated_at: Option<Timestamp>,
    /// When it was made; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for KmsKey {
    const TABLE: &'static str = "org_kms_keys";
}

/// A request that may be sent again: a row of `org_idempotency_keys`.
#[derive(Debug, Clone, Serialize)]
pub struct IdempotencyKey {
    /// Whose key sent it; null for the root key.
    pub org_slug: Option<OrgSlug>,
    /// What the caller calls the request.
    pub idempotency_key: String,
    /// SHA-256 of its body.
    pub request_hash: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What was answered.
    pub status: i64,
    /// When.
    pub created_at: Timestamp,
    /// Who sent it: `{kind}:{id}`.
    pub recorded_by: Option<String>,
}

impl LedgerRow for IdempotencyKey {
    const TABLE: &'static str = "org_idempotency_keys";
}
