//! One atomic change of an organization: its documents, its ledger rows, its audit entry.

use std::fmt;

use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use super::Tenants;
use crate::{
    Result,
    audit::{self, By, Event, Outcome},
    claims::{Answer, Claim},
    ledger::LedgerRow,
    org::OrgSlug,
    store::{Owner, Write},
};

/// Writes that happen together.
pub(super) struct Change<'a> {
    tenants: &'a Tenants,
    org: &'a OrgSlug,
    writes: Vec<Write>,
}

impl<'a> Change<'a> {
    pub(super) fn new(tenants: &'a Tenants, org: &'a OrgSlug) -> Self {
        Self { tenants, org, writes: Vec::new() }
    }

    /// With a document.
    pub(super) fn write(&mut self, write: Write) -> &mut Self {
        self.writes.push(write);
        self
    }

    /// With documents.
    pub(super) fn writes(&mut self, writes: impl IntoIterator<Item = Write>) -> &mut Self {
        self.writes.extend(writes);
        self
    }

    /// With a ledger row, as an outbox document.
    pub(super) fn row(&mut self, row: &impl LedgerRow) -> Result<&mut Self> {
        let owner = Owner::Org(self.org.clone());
        self.writes.push(self.tenants.ledger.write(&owner, row)?);
        Ok(self)
    }

    /// With its audit entry.
    pub(super) fn audit(
        &mut self,
        by: By<'_>,
        action: &str,
        target: &dyn fmt::Display,
        details: Value,
    ) -> Result<&mut Self> {
        let target = target.to_string();
        let event = Event { action, target, outcome: Outcome::Success, details };
        let entry = audit::entry(by, self.org, self.tenants.clock.now(), event);
        self.row(&entry)
    }

    /// With its answer, sealed for those who ask again.
    pub(super) async fn answer(&mut self, claim: &Claim, body: &impl Serialize) -> Result<Answer> {
        let status = StatusCode::CREATED;
        self.writes.extend(claim.done(status, body).await?);
        Ok(Answer::new(status, body)?)
    }

    /// Does all of it or nothing; then hands the rows to the warehouse, which the sweep repeats
    /// where it fails.
    pub(super) async fn commit(self) -> Result<()> {
        Ok(self.tenants.ledger.commit(self.writes).await.map(drop)?)
    }
}
