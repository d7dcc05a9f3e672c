//! What documents are called.

use std::fmt;

use crate::org::OrgSlug;

/// Whose a document is. Every key has an owner, so no call can read across organizations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The deployment.
    System,
    /// An organization.
    Org(OrgSlug),
}

impl Owner {
    /// As a backend writes it: `-` or the slug in lowercase (no slug is `-`).
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::System => "-".to_owned(),
            Self::Org(slug) => slug.key(),
        }
    }
}

/// Every collection, in one list: store.md's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collection {
    /// Organizations, by slug in lowercase.
    Organizations,
    /// API keys, by `{pepper version}.{HMAC}`.
    Keys,
    /// An organization's plan with us: `current`.
    Subscriptions,
    /// What counts against limits: `runs`.
    Counters,
    /// Sealed credentials of integrations, by provider and name.
    Credentials,
    /// Wrapped data keys, by version.
    DataKeys,
    /// Runs and their progress, by UUIDv7.
    Runs,
    /// Who writes a table of the warehouse now, by table.
    Writers,
    /// What was merged last, by table and source.
    Scopes,
    /// Bumped when an organization's costs change: `current`.
    DataVersion,
    /// Idempotent requests, by hash of caller, method, path and key.
    Claims,
    /// Files being uploaded, by UUIDv7.
    Uploads,
    /// Ledger rows on their way to the warehouse, by row id.
    Outbox,
    /// Ledger rows that their table refused.
    OutboxRejected,
    /// Messages that the queue gave up, by UUIDv7.
    DeadLetters,
    /// Leases of the deployment's own jobs, by name.
    Leases,
    /// SaaS subscriptions that organizations pay, by UUIDv7.
    SaasSubscriptions,
    /// Organizations' own prices, by provider and model.
    Prices,
}

impl Collection {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Organizations,
        Self::Keys,
        Self::Subscriptions,
        Self::Counters,
        Self::Credentials,
        Self::DataKeys,
        Self::Runs,
        Self::Writers,
        Self::Scopes,
        Self::DataVersion,
        Self::Claims,
        Self::Uploads,
        Self::Outbox,
        Self::OutboxRejected,
        Self::DeadLetters,
        Self::Leases,
        Self::SaasSubscriptions,
        Self::Prices,
    ];

    /// As a backend names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Keys => "keys",
            Self::Subscriptions => "subscriptions",
            Self::Counters => "counters",
            Self::Credentials => "credentials",
            Self::DataKeys => "data_keys",
            Self::Runs => "runs",
            Self::Writers => "writers",
            Self::Scopes => "scopes",
            Self::DataVersion => "data_version",
            Self::Claims => "claims",
            Self::Uploads => "uploads",
            Self::Outbox => "outbox",
            Self::OutboxRejected => "outbox_rejected",
            Self::DeadLetters => "dead_letters",
            Self::Leases => "leases",
            Self::SaasSubscriptions => "saas_subscriptions",
            Self::Prices => "prices",
        }
    }

    /// The fields that [`super::List`] may filter by; a backend indexes them.
    #[must_use]
    pub fn filters(self) -> &'static [&'static str] {
        match self {
            Self::Organizations => &["state"],
            Self::Keys => &["org"],
            Self::Credentials | Self::SaasSubscriptions | Self::Prices => &["provider"],
            Self::Runs => &["status", "pipeline", "parent"],
            Self::Outbox | Self::OutboxRejected => &["table"],
            _ => &[],
        }
    }
}

/// Where a document is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which collection.
    pub collection: Collection,
    /// Whose.
    pub owner: Owner,
    /// Unique for collection and owner.
    pub id: String,
}

impl Key {
    /// A key of the deployment.
    pub fn system(collection: Collection, id: impl Into<String>) -> Self {
        Self { collection, owner: Owner::System, id: id.into() }
    }

    /// A key of an organization.
    pub fn org(collection: Collection, org: &OrgSlug, id: impl Into<String>) -> Self {
        Self { collection, owner: Owner::Org(org.clone()), id: id.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.collection.name(), self.owner.key(), self.id)
    }
}
