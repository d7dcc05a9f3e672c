//! Organizations' own affairs: coming in, profile, plan, keys, audit log.
//!
//! Each flow is one atomic commit that carries its ledger rows, its audit entry and, where the
//! request may be sent again, its sealed answer; onboarding needs two more steps before it.

mod audit;
mod bodies;
mod change;
mod create;
mod dataset;
mod fields;
mod form;
mod keys;
mod profile;
mod rows;
mod subscription;
mod undo;

use std::{fmt, sync::Arc};

use crate::{
    auth::Authenticator, claims::Claims, clock::Clock, configs::Configs, ids::Ids, ledger::Ledger,
    org::Env, plans::PlanCatalog, store::Store, vault::Vault, warehouse::Warehouse,
};

pub use self::{
    audit::{AuditEntry, AuditFilter, audit_prql},
    bodies::{
        IssuedKey, KeyBody, Onboarded, OrganizationBody, OrganizationItem, RotatedKey,
        SubscriptionBody, Usage, Used,
    },
    create::DryRun,
    form::NewOrganization,
    keys::{NewKey, Rotation},
    profile::ProfilePatch,
    subscription::NewSubscription,
};

/// Everything that the flows need.
#[derive(Clone)]
pub struct Tenants {
    /// Which deployment this is.
    pub env: Env,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Ids and random bytes.
    pub ids: Arc<dyn Ids>,
    /// Schemas of an organization's tables.
    pub configs: Arc<Configs>,
    /// What can be had.
    pub plans: Arc<PlanCatalog>,
    /// What is.
    pub store: Arc<dyn Store>,
    /// Datasets, and the audit log.
    pub warehouse: Arc<dyn Warehouse>,
    /// Hashes keys, and forgets what changes.
    pub authenticator: Arc<Authenticator>,
    /// Makes data keys.
    pub vault: Arc<Vault>,
    /// What was.
    pub ledger: Arc<Ledger>,
    /// Requests that may be sent again.
    pub claims: Arc<Claims>,
}

impl fmt::Debug for Tenants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenants").field("env", &self.env).finish_non_exhaustive()
    }
}
