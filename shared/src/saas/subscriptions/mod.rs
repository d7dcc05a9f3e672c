//! An organization's SaaS subscriptions: kept, changed and forgotten, each in one commit with its
//! ledger rows and its audit entry.

mod change;
mod create;
mod form;
mod list;
mod read;
mod view;

use std::{fmt, sync::Arc};

use serde_json::json;
use uuid::Uuid;

pub use self::{
    form::{ChangeForm, SubscriptionForm},
    view::{SubscriptionView, VersionView},
};
use super::ShippedProducts;
use crate::{
    Error, Result,
    audit::{self, By, Event, Outcome},
    claims::Claims,
    clock::Clock,
    entities::SaasSubscription,
    focus::Model,
    ids::Ids,
    ledger::Ledger,
    org::OrgSlug,
    providers::Providers,
    store::{Held, Owner, Store, StoreExt as _, Write},
};

/// Keeps, changes and forgets SaaS subscriptions.
pub struct Subscriptions {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// What tells of them.
    pub ledger: Arc<Ledger>,
    /// Gives the first answer again to those who ask twice.
    pub claims: Arc<Claims>,
    /// Whose subscriptions they can be.
    pub providers: Arc<Providers>,
    /// What they can begin from.
    pub products: ShippedProducts,
    /// The categories of services.
    pub model: Arc<Model>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
}

impl fmt::Debug for Subscriptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriptions").finish_non_exhaustive()
    }
}

/// A change of a subscription, and who asked for it.
struct Changed<'a> {
    org: &'a OrgSlug,
    by: By<'a>,
    action: &'a str,
    subscription: &'a SaasSubscription,
    /// The version that it replaces.
    replaces: Option<i64>,
    active: bool,
}

impl Subscriptions {
    /// A subscription of a provider, or the 404 that says it is not there.
    async fn find(
        &self,
        org: &OrgSlug,
        provider: &str,
        id: &str,
    ) -> Result<Held<SaasSubscription>> {
        let missing = || Error::NotFound(format!("{provider} has no subscription `{id}`"));
        let id: Uuid = id.parse().map_err(|_| missing())?;
        let key = SaasSubscription::key(org, id);
        let held = self.store.find::<SaasSubscription>(&key, self.clock.now()).await?;
        held.filter(|held| held.value.provider == provider).ok_or_else(missing)
    }

    /// Commits `writes` together with what the ledgers get to know, and hands those rows over.
    async fn commit(&self, changed: &Changed<'_>, mut writes: Vec<Write>) -> Result<()> {
        let owner = Owner::Org(changed.org.clone());
        let it = changed.subscription;
        for row in it.rows(changed.replaces, changed.active, &changed.by.recorded()) {
            writes.push(self.ledger.write(&owner, &row)?);
        }
        let event = Event {
            action: changed.action,
            target: format!("{}/{}", it.provider, it.subscription_id),
            outcome: Outcome::Success,
            details: json!({ "name": it.name, "versions": it.terms.len(), "end_date": it.end_date }),
        };
        let entry = audit::entry(changed.by, changed.org, self.clock.now(), event);
        writes.push(self.ledger.write(&owner, &entry)?);
        Ok(self.ledger.commit(writes).await.map(drop)?)
    }
}
