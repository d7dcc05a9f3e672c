//! Undoing an onboarding that did not end.

use jiff::{SignedDuration, Timestamp};

use super::Tenants;
use crate::{
    Result,
    entities::{OrgState, Organization},
    store::{Collection, Held, PageRequest, StoreError, StoreExt as _, Times},
};

/// How long an onboarding may take before it counts as dead, and how soon an undoing is tried again.
pub(super) const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// How many are looked at at once.
const PAGE: usize = 64;

impl Tenants {
    /// Undoes every onboarding that should have ended by `until`; returns how many. One that
    /// cannot be undone now is tried again later and holds up no other.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn undo_creations(&self, until: Timestamp) -> Result<usize> {
        let page = PageRequest { limit: PAGE, after: None };
        let times = Times { until, now: self.clock.now() };
        let due = self.store.find_due(Collection::Organizations, times, &page).await?;
        let mut undone = 0;
        for held in due.items {
            let held: Held<Organization> = held;
            if held.value.state != OrgState::Creating {
                continue;
            }
            let slug = held.value.org_slug.clone();
            match self.undo_creation(held).await {
                Ok(()) => undone += 1,
                Err(error) => {
                    tracing::warn!(org_slug = %slug, %error, "an onboarding cannot be undone yet");
                }
            }
        }
        Ok(undone)
    }

    /// Undoes one onboarding: the dataset if it carries the label of this very creation, then the
    /// document. Leaves the document alone where somebody else ended or undid it meanwhile.
    ///
    /// The document is written first, so that an onboarding that still lives can no longer end.
    ///
    /// # Errors
    ///
    /// Fails where a backend does; the document stays, and is due again later.
    pub async fn undo_creation(&self, mut held: Held<Organization>) -> Result<()> {
        held.value.due_at = Some(self.clock.now() + PATIENCE);
        let versions = match self.store.commit(vec![held.replace()?]).await {
            Err(StoreError::Conflict(_)) => return self.drop_orphan(&held.value).await,
            other => other?,
        };
        held.version = versions.into_iter().next().unwrap_or_default();
        self.drop_made_dataset(&held.value).await?;
        self.store.commit(vec![held.delete()]).await?;
        tracing::warn!(org_slug = %held.value.org_slug, "an onboarding that did not end was undone");
        Ok(())
    }

    /// Deletes what an onboarding made after somebody else undid it: that belongs to nobody, and no
    /// other would ever find it.
    async fn drop_orphan(&self, creation: &Organization) -> Result<()> {
        let key = Organization::key(&creation.org_slug);
        let now = self.store.find::<Organization>(&key, self.clock.now()).await?.map(|it| it.value);
        let ended = now.is_some_and(|now| {
            now.creation == creation.creation && now.state != OrgState::Creating
        });
        if ended { Ok(()) } else { self.drop_made_dataset(creation).await }
    }
}
