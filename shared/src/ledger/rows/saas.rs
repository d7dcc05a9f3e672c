//! What an organization says of what it buys: rows of its own dataset.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{LedgerRow, RowVersion};
use crate::decimal::Decimal;

/// One version of the terms of a SaaS subscription, as it stood when the row was written: a row of
/// `saas_subscriptions`.
#[derive(Debug, Clone, Serialize)]
pub struct SaasSubscription {
    /// Its id.
    pub subscription_id: String,
    /// The provider in whose path it is kept.
    pub provider: String,
    /// What it is called.
    pub name: String,
    /// Who sells it.
    pub vendor: String,
    /// Which edition it is of.
    pub plan: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// The first day that the terms hold on.
    pub effective_date: Date,
    /// How many seats are paid for.
    pub seats: u32,
    /// The list price of one seat for one cycle.
    pub price: Decimal,
    /// How often it is billed.
    pub cycle: String,
    /// Hundredths of the price that are taken off.
    pub discount_percent: Option<Decimal>,
    /// What is taken off the price of a cycle.
    pub discount_amount: Option<Decimal>,
    /// The first day.
    pub start_date: Date,
    /// The last day of its trial.
    pub trial_end_date: Option<Date>,
    /// The last day.
    pub end_date: Option<Date>,
    /// When the contract renews, where that was said.
    pub renewal_date: Option<Date>,
    /// How many days before it renews notice must be given.
    pub notice_days: Option<u16>,
    /// Whether it still stands.
    pub active: bool,
    /// When the subscription was made; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for SaasSubscription {
    const TABLE: &'static str = "saas_subscriptions";
}
