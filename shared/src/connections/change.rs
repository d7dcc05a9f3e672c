//! What every change of a connection commits beside the connection itself: its ledger row, and who
//! did it.

use jiff::Timestamp;
use serde_json::json;

use super::Connections;
use crate::{
    Result,
    audit::{self, By, Event, Outcome},
    entities::Integration,
    ledger::rows::AuditLog,
    org::OrgSlug,
    store::{Owner, Write},
};

/// A change of a connection, and who asked for it.
pub struct Change<'a> {
    /// Whose it is.
    pub org: &'a OrgSlug,
    /// Who.
    pub by: By<'a>,
    /// As in `integration.setup`.
    pub action: &'a str,
    /// The connection after the change.
    pub integration: &'a Integration,
    /// The version that it replaces, if there was one.
    pub replaces: Option<i64>,
}

impl Change<'_> {
    /// Commits `writes` together with what the ledgers get to know.
    ///
    /// # Errors
    ///
    /// 409 where somebody else was quicker; nothing was written.
    pub async fn commit(&self, with: &Connections, mut writes: Vec<Write>) -> Result<()> {
        let owner = Owner::Org(self.org.clone());
        let row = self.integration.row(self.org, self.replaces, Some(self.by.recorded()));
        writes.push(with.ledger.write(&owner, &row)?);
        writes.push(with.ledger.write(&owner, &self.entry(with.clock.now()))?);
        Ok(with.ledger.commit(writes).await.map(drop)?)
    }

    fn entry(&self, now: Timestamp) -> AuditLog {
        let it = self.integration;
        let event = Event {
            action: self.action,
            target: it.source_id(),
            outcome: Outcome::Success,
            details: json!({ "status": it.status, "fingerprint": it.fingerprint }),
        };
        audit::entry(self.by, self.org, now, event)
    }
}
