//! Asking providers again: when somebody wants to know, and when one did not answer.

use jiff::Timestamp;

use super::{Change, Connections};
use crate::{
    Error, Result,
    audit::By,
    entities::{Integration, IntegrationStatus, next_version},
    org::OrgSlug,
    providers::{Fields, Outcome},
    store::{Collection, Held, Owner, PageRequest, StoreExt as _, Times},
};

/// How many are asked in one sweep: each may take ten seconds, and the next sweep comes soon.
const PAGE: usize = 16;

impl Connections {
    /// Asks a provider whether it accepts a kept credential, and keeps what came of it.
    ///
    /// # Errors
    ///
    /// 409 where somebody changed the connection meanwhile, 404 where the provider is no longer in
    /// the registry, and as the vault.
    pub async fn recheck(
        &self,
        org: &OrgSlug,
        mut held: Held<Integration>,
        by: By<'_>,
        action: &str,
    ) -> Result<Integration> {
        let owner = Owner::Org(org.clone());
        let it = &held.value;
        let provider = self.providers.find(&it.provider)?;
        let secret = self.vault.open(&owner, (&it.provider, &it.name), &it.sealed).await?;
        let fields = Fields::from_bytes(secret.expose())?;
        let found = self.providers.prove(provider, org, &fields).await;
        let (replaces, now) = (it.version, self.clock.now());
        held.value.note(found, now);
        held.value.version = next_version(replaces, now);
        let write = held.replace()?;
        let replaces = Some(replaces);
        let change = Change { org, by, action, integration: &held.value, replaces };
        change.commit(self, vec![write]).await?;
        Ok(held.value)
    }

    /// Asks again where a provider did not answer, the longest waiting first; returns how many were
    /// asked. One that cannot be asked now comes again later and holds up no other.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn sweep(&self, until: Timestamp, by: By<'_>) -> Result<usize> {
        let page = PageRequest { limit: PAGE, after: None };
        let times = Times { until, now: self.clock.now() };
        let due = self.store.find_due::<Integration>(Collection::Credentials, times, &page).await?;
        let asked = due.items.len();
        for held in due.items {
            let (Owner::Org(org), stored) = (held.key.owner.clone(), held.stored()?) else {
                continue;
            };
            match self.recheck(&org, held, by, "integration.recheck").await {
                // Whoever was quicker knows more.
                Ok(_) | Err(Error::Conflict(_)) => {}
                Err(error) => {
                    let cause = format!("{:#}", anyhow::Error::from(error));
                    tracing::error!(key = %stored.key, cause, "connection could not be checked");
                    self.store.put_off(stored, until + Integration::RECHECK_MOST).await?;
                }
            }
        }
        Ok(asked)
    }
}

impl Integration {
    /// Takes over what a provider said, and when to ask again if it said nothing.
    fn note(&mut self, found: Outcome, now: Timestamp) {
        let (status, error) = match found {
            Outcome::Valid => (IntegrationStatus::Valid, None),
            Outcome::Invalid(why) => (IntegrationStatus::Invalid, Some(why)),
            Outcome::Unknown(why) => (IntegrationStatus::Pending, Some(why)),
        };
        self.unanswered = match status {
            IntegrationStatus::Pending => self.unanswered.saturating_add(1),
            _ => 0,
        };
        self.status = status;
        self.last_error = error;
        self.last_checked_at = now;
    }
}
