//! What every change of a connection commits beside the connection itself: its ledger row, and who
//! did it.

use jiff::Timestamp;
use serde_json::json;

use super::Connections;
use crate::{
    Result,
    audit::{self, By, Event, Outcome},
    entities::{Integration, IntegrationStatus},
    ledger::{
        RowVersion,
        rows::{AuditLog, IntegrationCredential},
    },
    org::OrgSlug,
    store::{Collection, Owner, Write},
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
        writes.push(with.ledger.write(&owner, &self.row())?);
        writes.push(with.ledger.write(&owner, &self.entry(with.clock.now()))?);
        let outbox = writes.iter().map(Write::key);
        let outbox: Vec<_> =
            outbox.filter(|key| key.collection == Collection::Outbox).cloned().collect();
        with.store.commit(writes).await?;
        with.ledger.deliver(&outbox).await;
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
