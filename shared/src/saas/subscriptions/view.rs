//! A subscription as it is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    decimal::Decimal,
    entities::SaasSubscription,
    saas::{Cycle, Discount, Terms},
};

/// A subscription.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubscriptionView {
    /// Its id.
    subscription_id: Uuid,
    /// The provider in whose path it is kept.
    provider: String,
    /// What it is called.
    name: String,
    /// Who sells it.
    vendor: String,
    /// Which edition it is of.
    plan: Option<String>,
    /// The FOCUS service category.
    service_category: String,
    /// The FOCUS service subcategory.
    service_subcategory: Option<String>,
    /// ISO 4217: the currency of every amount here.
    currency: String,
    /// The first day.
    start_date: Date,
    /// The last day of its trial.
    trial_end_date: Option<Date>,
    /// The last day.
    end_date: Option<Date>,
    /// When the contract renews, where that was said.
    renewal_date: Option<Date>,
    /// How many days before it renews notice must be given.
    notice_days: Option<u16>,
    /// When it renews next; null where it ends before.
    next_renewal_date: Option<Date>,
    /// The last day for notice before that.
    notice_by: Option<Date>,
    /// Its terms by effective date.
    versions: Vec<VersionView>,
    /// Days and renewals are UTC days.
    days_in: &'static str,
    /// When it was made.
    created_at: Timestamp,
    /// When it was changed last.
    updated_at: Timestamp,
}

/// A version of a subscription's terms.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// The first day that it holds on.
    effective_date: Date,
    /// How many seats are paid for.
    seats: u32,
    /// The list price of one seat for one cycle.
    #[schema(value_type = String)]
    price: Decimal,
    /// How often it is billed.
    #[schema(value_type = String)]
    cycle: Cycle,
    /// Hundredths of the price that are taken off.
    #[schema(value_type = Option<String>)]
    discount_percent: Option<Decimal>,
    /// What is taken off the price of a cycle.
    #[schema(value_type = Option<String>)]
    discount_amount: Option<Decimal>,
    /// What a whole cycle costs.
    #[schema(value_type = Option<String>)]
    cycle_price: Option<Decimal>,
}

impl SubscriptionView {
    /// As seen from a day.
    #[must_use]
    pub fn new(it: &SaasSubscription, today: Date) -> Self {
        let renewal = it.next_renewal(today);
        Self {
            subscription_id: it.subscription_id,
            provider: it.provider.clone(),
            name: it.name.clone(),
            vendor: it.vendor.clone(),
            plan: it.plan.clone(),
            service_category: it.service_category.clone(),
            service_subcategory: it.service_subcategory.clone(),
            currency: it.currency.clone(),
            start_date: it.start_date,
            trial_end_date: it.trial_end_date,
            end_date: it.end_date,
            renewal_date: it.renewal_date,
            notice_days: it.notice_days,
            next_renewal_date: renewal,
            notice_by: renewal.and_then(|renewal| it.notice_by(renewal)),
            versions: it.terms.iter().map(VersionView::new).collect(),
            days_in: "UTC",
            created_at: it.created_at,
            updated_at: it.updated_at,
        }
    }
}

impl VersionView {
    fn new(terms: &Terms) -> Self {
        let (discount_percent, discount_amount) = match terms.discount {
            Discount::None => (None, None),
            Discount::Percent(percent) => (Some(percent), None),
            Discount::Amount(amount) => (None, Some(amount)),
        };
        Self {
            effective_date: terms.effective,
            seats: terms.seats,
            price: terms.price,
            cycle: terms.cycle,
            discount_percent,
            discount_amount,
            cycle_price: terms.net().ok(),
        }
    }
}
