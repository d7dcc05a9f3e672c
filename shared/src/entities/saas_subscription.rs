//! A SaaS subscription that an organization pays: `saas_subscriptions/{org}/{subscription_id}`.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    ledger::{RowVersion, rows},
    org::OrgSlug,
    saas::{Account, Agreement, Discount, Terms},
    store::{Collection, Entity, Key},
};

/// A subscription with all versions of its terms. One document, so that a change is one commit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaasSubscription {
    /// Names it.
    pub subscription_id: Uuid,
    /// The provider in whose path it is kept.
    pub provider: String,
    /// What it is called.
    pub name: String,
    /// Who sells it.
    pub vendor: String,
    /// Which edition it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// In the terms of FOCUS.
    pub service_category: String,
    /// In the terms of FOCUS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_subcategory: Option<String>,
    /// ISO 4217. It never changes: a subscription in another currency is another one.
    pub currency: String,
    /// The first day.
    pub start_date: Date,
    /// The last day of a trial that costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end_date: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// When the contract renews, where that is not with the next cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal_date: Option<Date>,
    /// How many days before it renews notice must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_days: Option<u16>,
    /// Its terms by effective date.
    pub terms: Vec<Terms>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// Version of its newest rows in `saas_subscriptions`.
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl SaasSubscription {
    /// Where its document is.
    #[must_use]
    pub fn key(org: &OrgSlug, id: Uuid) -> Key {
        Key::org(Collection::SaasSubscriptions, org, id.to_string())
    }

    /// When it holds, and on which terms.
    #[must_use]
    pub fn agreement(&self) -> Agreement<'_> {
        Agreement {
            start: self.start_date,
            trial_end: self.trial_end_date,
            end: self.end_date,
            terms: &self.terms,
        }
    }

    /// What each of its lines says.
    #[must_use]
    pub fn account(&self) -> Account {
        Account {
            subscription_id: self.subscription_id.to_string(),
            name: self.name.clone(),
            vendor: self.vendor.clone(),
            plan: self.plan.clone(),
            currency: self.currency.clone(),
            service_category: self.service_category.clone(),
            service_subcategory: self.service_subcategory.clone(),
            cycles: self.terms.iter().map(|terms| terms.cycle).collect(),
        }
    }

    /// When it renews next, as seen from a day.
    #[must_use]
    pub fn next_renewal(&self, today: Date) -> Option<Date> {
        let said = self.renewal_date.filter(|date| *date > today);
        let in_time = |date: &Date| self.end_date.is_none_or(|end| *date <= end);
        said.filter(in_time).or_else(|| self.agreement().renews_after(today))
    }

    /// The last day for notice before a renewal.
    #[must_use]
    pub fn notice_by(&self, renewal: Date) -> Option<Date> {
        let days = self.notice_days?;
        renewal.checked_sub(jiff::Span::new().days(days)).ok()
    }

    /// A row of `saas_subscriptions` for each version of its terms.
    pub fn rows(
        &self,
        replaces: Option<i64>,
        active: bool,
        recorded_by: &str,
    ) -> impl Iterator<Item = rows::SaasSubscription> {
        self.terms.iter().map(move |terms| {
            let (percent, amount) = match terms.discount {
                Discount::None => (None, None),
                Discount::Percent(percent) => (Some(percent), None),
                Discount::Amount(amount) => (None, Some(amount)),
            };
            rows::SaasSubscription {
                subscription_id: self.subscription_id.to_string(),
                provider: self.provider.clone(),
                name: self.name.clone(),
                vendor: self.vendor.clone(),
                plan: self.plan.clone(),
                currency: self.currency.clone(),
                effective_date: terms.effective,
                seats: terms.seats,
                price: terms.price,
                cycle: terms.cycle.to_string(),
                discount_percent: percent,
                discount_amount: amount,
                start_date: self.start_date,
                trial_end_date: self.trial_end_date,
                end_date: self.end_date,
                renewal_date: self.renewal_date,
                notice_days: self.notice_days,
                active,
                created_at: self.created_at,
                version: RowVersion {
                    version: self.version,
                    replaces,
                    recorded_by: Some(recorded_by.to_owned()),
                },
            }
        })
    }
}

impl Entity for SaasSubscription {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("provider", self.provider.clone())])
    }
}
