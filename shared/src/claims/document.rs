//! A claim as it is stored: `claims/{caller's owner}/{hash of caller, method, path and key}`.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    auth::Caller,
    http::Identity,
    runs::Boot,
    store::{Collection, Entity, Key, Owner},
    vault::Sealed,
};

/// How long the work of one request may take before another may do it.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What is known about a request with an `Idempotency-Key`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClaimDocument {
    /// SHA-256 of the request's body: the same key with another body is a conflict.
    pub body_hash: String,
    /// Until when the request that holds it may work; without meaning once there is an answer.
    pub lease_until: Timestamp,
    /// The start of the process that works.
    #[serde(default)]
    pub boot: Uuid,
    /// The answer, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Sealed>,
    /// Whether the answer was taken away, because the key in it is no longer good.
    #[serde(default)]
    pub erased: bool,
    /// When the first request came.
    pub created_at: Timestamp,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl ClaimDocument {
    /// Of a request that begins now.
    pub(super) fn new(body_hash: &str, boot: Boot, now: Timestamp) -> Self {
        Self {
            body_hash: body_hash.to_owned(),
            lease_until: now + LEASE,
            boot: boot.id,
            answer: None,
            erased: false,
            created_at: now,
            other: Map::new(),
        }
    }

    /// Whether the request that holds it may still be at work.
    pub(super) fn is_live(&self, boot: Boot, now: Timestamp) -> bool {
        self.lease_until > now && (!boot.alone || self.boot == boot.id)
    }

    /// Where the claim of a request is.
    pub(super) fn key(caller: &Caller, identity: &Identity, key: &str) -> Key {
        let owner = match caller {
            Caller::Key { org, .. } => Owner::Org(org.clone()),
            Caller::Root | Caller::Service { .. } => Owner::System,
        };
        let actor = caller.actor();
        let parts = [actor.kind.as_str(), &actor.id, identity.method.as_str(), &identity.path, key];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Key { collection: Collection::Claims, owner, id: hex::encode(hash.finalize()) }
    }
}

impl Entity for ClaimDocument {
    /// When it is of no use any more: the work was cut off, or the answer is too old.
    fn due_at(&self) -> Option<Timestamp> {
        let is_at_work = self.answer.is_none() && !self.erased;
        if is_at_work { Some(self.lease_until) } else { self.expire_at() }
    }

    fn expire_at(&self) -> Option<Timestamp> {
        Some(self.created_at + KEPT)
    }
}
