//! An organization's own prices: kept, changed and forgotten, each in one commit with its ledger rows
//! and its audit entry; and the book that they make with the shipped ones.

mod change;
mod list;
mod shipped;

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

pub use self::{list::ModelPrices, shipped::ShippedPrices};
use super::{Book, OwnPrices, OwnRow};
use crate::{
    Result,
    audit::{self, By, Event, Outcome},
    claims::Claims,
    clock::Clock,
    entities::OwnModelPrices,
    ledger::Ledger,
    org::OrgSlug,
    providers::Providers,
    store::{Collection, List, Owner, PageRequest, Store, Write},
};

/// How many documents are read at once.
const PAGE: usize = 500;

/// Keeps, changes and forgets own prices.
pub struct Prices {
    /// Where they are kept.
    pub store: Arc<dyn Store>,
    /// What tells of them.
    pub ledger: Arc<Ledger>,
    /// Gives the first answer again to those who ask twice.
    pub claims: Arc<Claims>,
    /// Whose prices they can be, beside those that are shipped.
    pub providers: Arc<Providers>,
    /// The prices that are shipped.
    pub shipped: ShippedPrices,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for Prices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prices").finish_non_exhaustive()
    }
}

/// Own prices of a model for a time, to be added.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodForm {
    /// The model, as the provider calls it.
    #[schema(example = "gpt-4o")]
    pub model: String,
    /// The prices and their time. An earlier price without an end is ended the day before.
    pub period: OwnRow,
}

/// All own prices of a model.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodsForm {
    /// The prices and their times, by the first day of each.
    pub periods: Vec<OwnRow>,
}

/// A change of own prices, and who asked for it.
struct Changed<'a> {
    org: &'a OrgSlug,
    by: By<'a>,
    action: &'a str,
    prices: &'a OwnModelPrices,
    replaces: Option<i64>,
    active: bool,
}

impl Prices {
    /// The prices of a provider as an organization pays them.
    ///
    /// # Errors
    ///
    /// Fails where the store does, or a shipped file has a mistake.
    pub async fn book(&self, org: &OrgSlug, provider: &str) -> Result<Book> {
        let own = self.own(org, provider).await?;
        let own: BTreeMap<_, _> = own.into_iter().map(|it| (it.model, it.periods)).collect();
        Ok(Book::new(provider, self.shipped.all()?.get(provider), &own))
    }

    /// Every own price of a provider.
    async fn own(&self, org: &OrgSlug, provider: &str) -> Result<Vec<OwnModelPrices>> {
        let mut all = Vec::new();
        let mut page = PageRequest { limit: PAGE, after: None };
        loop {
            let list = List {
                collection: Collection::Prices,
                owner: Some(Owner::Org(org.clone())),
                filters: vec![("provider", provider.to_owned())],
                page,
            };
            let read = self.store.list(&list).await?;
            page = PageRequest { limit: PAGE, after: read.next.clone() };
            all.extend(read.read::<OwnModelPrices>()?.into_iter().map(|held| held.value));
            if page.after.is_none() {
                return Ok(all);
            }
        }
    }

    /// Refuses a provider that nobody knows.
    fn check_provider(&self, provider: &str) -> Result<()> {
        if self.shipped.all()?.contains_key(provider) {
            return Ok(());
        }
        self.providers.find(provider).map(drop)
    }

    /// Commits `writes` together with what the ledgers get to know, and hands those rows over.
    async fn commit(&self, changed: &Changed<'_>, mut writes: Vec<Write>) -> Result<()> {
        let owner = Owner::Org(changed.org.clone());
        let it = changed.prices;
        for row in it.rows(changed.replaces, changed.active, &changed.by.recorded()) {
            writes.push(self.ledger.write(&owner, &row)?);
        }
        let OwnPrices(periods) = &it.periods;
        let event = Event {
            action: changed.action,
            target: format!("{}/{}", it.provider, it.model),
            outcome: Outcome::Success,
            details: json!({ "periods": periods.len() }),
        };
        let entry = audit::entry(changed.by, changed.org, self.clock.now(), event);
        writes.push(self.ledger.write(&owner, &entry)?);
        Ok(self.ledger.commit(writes).await.map(drop)?)
    }
}
