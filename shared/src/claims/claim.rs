//! A claim that is held, and how it ends.

use http::StatusCode;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{Answer, ClaimDocument, Claims};
use crate::{
    Result,
    auth::Caller,
    http::Identity,
    ledger::rows::IdempotencyKey,
    org::OrgSlug,
    store::{Held, Key, StoreExt as _, Write},
    vault::Secret,
};

/// The right to do the work of a request. Dropped without [`Claim::keep`], it is given back, and
/// the same request may begin again.
#[derive(Debug)]
pub struct Claim {
    claims: Claims,
    held: Option<Box<(Held<ClaimDocument>, Row)>>,
}

/// What the ledger gets to know.
#[derive(Debug, Clone)]
struct Row {
    org: Option<OrgSlug>,
    recorded_by: String,
    identity: Identity,
}

impl Claim {
    pub(super) fn without_key(claims: Claims) -> Self {
        Self { claims, held: None }
    }

    pub(super) fn new(
        claims: Claims,
        caller: &Caller,
        identity: &Identity,
        held: Held<ClaimDocument>,
    ) -> Self {
        let org = match caller {
            Caller::Key { org, .. } => Some(org.clone()),
            Caller::Root | Caller::Service { .. } => None,
        };
        let recorded_by = caller.actor().to_string();
        let row = Row { org, recorded_by, identity: identity.clone() };
        Self { claims, held: Some(Box::new((held, row))) }
    }

    /// Where the claim is; `None` for a request without a key. Whoever puts a secret into the
    /// answer keeps this, to [`Claims::erase`] the answer when the secret is no longer good.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        self.held.as_deref().map(|(held, _)| &held.key)
    }

    /// The writes that mark it done with this answer: for the commit that has the effect.
    ///
    /// # Errors
    ///
    /// Fails where the answer cannot be sealed.
    pub async fn done(&self, status: StatusCode, body: &impl Serialize) -> Result<Vec<Write>> {
        let Some((held, row)) = self.held.as_deref() else { return Ok(Vec::new()) };
        let answer =
            serde_json::to_vec(&Answer::new(status, body)?).map_err(anyhow::Error::from)?;
        let secret = Secret::new(Zeroizing::new(answer));
        let Claims { vault, ledger, clock, .. } = &self.claims;
        let owner = &held.key.owner;
        let mut writes = vault.missing_data_key(owner, ledger).await?;
        if !writes.is_empty() {
            self.claims.commit_if_first(std::mem::take(&mut writes)).await?;
        }
        let mut done = held.clone();
        done.value.answer = Some(vault.seal(owner, ("claim", &held.key.id), &secret).await?);
        let row = IdempotencyKey {
            org_slug: row.org.clone(),
            idempotency_key: row.identity.key.clone().unwrap_or_default(),
            request_hash: row.identity.body_hash.clone(),
            method: row.identity.method.to_string(),
            path: row.identity.path.clone(),
            status: status.as_u16().into(),
            created_at: clock.now(),
            recorded_by: Some(row.recorded_by.clone()),
        };
        Ok(vec![done.replace()?, ledger.write(owner, &row)?])
    }

    /// After the commit: the claim is done and stays.
    pub fn keep(mut self) {
        self.held = None;
    }

    /// Gives the claim back, so that the same request may begin again.
    pub async fn release(mut self) {
        if let Some(held) = self.held.take() {
            self.claims.clone().give_back(held.0).await;
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let Some(held) = self.held.take() else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(self.claims.clone().give_back(held.0));
        }
    }
}

impl Claims {
    /// The write that takes a kept answer away; `None` where there is none any more.
    ///
    /// # Errors
    ///
    /// Fails where the store cannot be reached.
    pub async fn erase(&self, key: &Key) -> Result<Option<Write>> {
        let held = self.store.find::<ClaimDocument>(key, self.clock.now()).await?;
        let Some(mut held) = held else { return Ok(None) };
        held.value.answer = None;
        held.value.erased = true;
        Ok(Some(held.replace()?))
    }

    /// Deletes a claim that is still as we made it. What was done meanwhile stays; what cannot be
    /// deleted now ends with its lease.
    async fn give_back(self, held: Held<ClaimDocument>) {
        if let Err(error) = self.store.commit(vec![held.delete()]).await {
            tracing::debug!(%error, "a claim was not given back");
        }
    }

    /// Commits what somebody else may have committed meanwhile just as well.
    async fn commit_if_first(&self, writes: Vec<Write>) -> Result<()> {
        match self.store.commit(writes).await {
            Ok(_) | Err(crate::store::StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
