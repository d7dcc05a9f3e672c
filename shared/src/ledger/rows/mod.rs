//! Rows of the ledgers, one type per table; the columns are those of `configs/setup/bootstrap/`.

mod access;
mod organization;
mod prices;
mod run;
mod saas;

use serde::Serialize;

pub use self::{
    access::{AuditLog, IdempotencyKey, IntegrationCredential, KmsKey},
    organization::{OrgApiKey, OrgProfile, OrgSubscription},
    prices::LlmPrice,
    run::{DqResult, PipelineRun, QueueEntry, StepLog, UsageQuota},
    saas::SaasSubscription,
};

/// The ledgers that stand in the dataset of the organization that their rows are of.
pub const OF_ORGANIZATIONS: [&str; 2] = ["llm_prices", "saas_subscriptions"];

/// A row of a ledger. Its id and the time it is written are added when it is.
pub trait LedgerRow: Serialize {
    /// The table it belongs to: one of the deployment's, or of [`OF_ORGANIZATIONS`].
    const TABLE: &'static str;
}

/// Which version of an entity a row is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RowVersion {
    /// Grows with every version: see [`crate::entities::next_version`].
    pub version: i64,
    /// The version before; none for the first.
    pub replaces: Option<i64>,
    /// Who caused it, as [`crate::auth::Actor`] writes itself; none where nobody outside did.
    pub recorded_by: Option<String>,
}
