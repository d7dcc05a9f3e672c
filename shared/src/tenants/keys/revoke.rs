//! Revoking a key: it stops here at once, and everywhere within a minute.

use serde_json::json;
use uuid::Uuid;

use super::claim_key;
use crate::{
    Result,
    audit::By,
    entities::next_version,
    org::OrgSlug,
    tenants::{
        Tenants,
        change::Change,
        rows::{self, Cause},
    },
};

impl Tenants {
    /// Revokes a key, and erases the sealed answer that holds it. Once more changes nothing.
    ///
    /// # Errors
    ///
    /// 404 where the organization has no such key.
    pub async fn revoke_key(&self, by: By<'_>, org: &OrgSlug, key_id: Uuid) -> Result<()> {
        let now = self.clock.now();
        let mut held = self.find_key(org, key_id).await?;
        if held.value.revoked_at.is_some() {
            return Ok(());
        }
        let cause = Cause { by, replaces: Some(held.value.version) };
        held.value.revoked_at = Some(now);
        held.value.version = next_version(held.value.version, now);
        let mut change = Change::new(self, org);
        change.write(held.replace()?);
        if let Some(claim) = held.value.claim.as_deref().and_then(claim_key) {
            change.writes(self.claims.erase(&claim).await?);
        }
        change.row(&rows::api_key(&held.key, &held.value, cause))?;
        let details = json!({ "name": held.value.name, "fingerprint": held.value.fingerprint });
        change.audit(by, "api_key.revoke", &key_id, details)?;
        change.commit().await?;
        self.authenticator.forget_key(&held.key);
        Ok(())
    }
}
