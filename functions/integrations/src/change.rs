//! What every change of a connection commits beside the connection itself: its ledger row, and who
//! did it.

use convergence::{
    Result,
    audit::{self, By, Event, Outcome},
    entities::{Integration, IntegrationStatus},
    ledger::{RowVersion, rows::IntegrationCredential},
    org::OrgSlug,
    store::{Collection, Owner, Write},
};
use serde_json::json;

use crate::desk::Desk;

/// A change of a connection, and who asked for it.
pub(crate) struct Change<'a> {
    pub(crate) org: &'a OrgSlug,
    pub(crate) by: By<'a>,
    /// As in `integration.setup`.
    pub(crate) action: &'a str,
    /// The connection after the change.
    pub(crate) integration: &'a Integration,
    /// The version that it replaces, if there was one.
    pub(crate) replaces: Option<i64>,
}

impl Change<'_> {
    /// Commits `writes` together with what the ledgers get to know.
    pub(crate) async fn commit(&self, desk: &Desk, mut writes: Vec<Write>) -> Result<()> {
        let owner = Owner::Org(self.org.clone());
        writes.push(desk.ledger.write(&owner, &self.row())?);
        writes.push(desk.ledger.write(&owner, &self.entry(desk))?);
        let outbox = writes.iter().map(Write::key);
        let outbox: Vec<_> =
            outbox.filter(|key| key.collection == Collection::Outbox).cloned().collect();
        desk.store.commit(writes).await?;
        desk.ledger.deliver(&outbox).await;
        Ok(())
    }

    fn row(&self) -> IntegrationCredential {
        let it = self.integration;
        let recorded_by = Some(self.by.recorded());
        IntegrationCredential {
            org_slug: self.org.clone(),
            integration_id: it.integration_id.to_string(),
            provider: it.provider.clone(),
            name: it.name.clone(),
            data_key_id: Some(it.sealed.key_version.to_string()),
            kms_key_version: None,
            fingerprint: Some(it.fingerprint.clone()),
            validation_status: it.status.as_str().to_owned(),
            last_error: it.last_error.clone(),
            last_checked_at: Some(it.last_checked_at),
            metadata: Some(json!(it.settings).to_string()),
            active: it.status != IntegrationStatus::Deleted,
            created_at: it.created_at,
            version: RowVersion { version: it.version, replaces: self.replaces, recorded_by },
        }
    }

    fn entry(&self, desk: &Desk) -> convergence::ledger::rows::AuditLog {
        let it = self.integration;
        let event = Event {
            action: self.action,
            target: it.source_id(),
            outcome: Outcome::Success,
            details: json!({ "status": it.status, "fingerprint": it.fingerprint }),
        };
        audit::entry(self.by, self.org, desk.clock.now(), event)
    }
}
