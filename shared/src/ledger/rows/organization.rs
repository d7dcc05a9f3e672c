//! What organizations, their keys and their plans were.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{LedgerRow, RowVersion};
use crate::org::OrgSlug;

/// A version of an organization: a row of `org_profiles`.
#[derive(Debug, Clone, Serialize)]
pub struct OrgProfile {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// What people call it.
    pub company_name: String,
    /// Whom to write to.
    pub admin_email: String,
    /// Its dataset.
    pub dataset: String,
    /// CREATING, ACTIVE, DELETED or PURGING.
    pub status: String,
    /// Its plan.
    pub plan: String,
    /// ISO 4217.
    pub currency: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// BCP 47.
    pub language: String,
    /// IANA name.
    pub timezone: String,
    /// 1 to 12.
    pub fiscal_year_start_month: i64,
    /// When it was made; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for OrgProfile {
    const TABLE: &'static str = "org_profiles";
}

/// A version of an API key, without the key: a row of `org_api_keys`.
#[derive(Debug, Clone, Serialize)]
pub struct OrgApiKey {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// Its id.
    pub key_id: Uuid,
    /// Pepper version and keyed hash.
    pub org_api_key_hash: String,
    /// First and last four characters.
    pub fingerprint: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Whether it opened anything when this was written.
    pub active: bool,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The key that takes its place.
    pub successor: Option<Uuid>,
    /// When it was made; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for OrgApiKey {
    const TABLE: &'static str = "org_api_keys";
}

/// A version of an organization's plan with us: a row of `org_subscriptions`.
#[derive(Debug, Clone, Serialize)]
pub struct OrgSubscription {
    /// The organization, as it was first written.
    pub org_slug: OrgSlug,
    /// A name of the catalog.
    pub plan: String,
    /// TRIAL, ACTIVE, `PAST_DUE`, SUSPENDED or CANCELLED.
    pub status: String,
    /// Runs a day.
    pub daily_limit: i64,
    /// Runs a month.
    pub monthly_limit: i64,
    /// Runs at the same time.
    pub concurrent_limit: i64,
    /// People.
    pub seat_limit: i64,
    /// Connected providers.
    pub provider_limit: i64,
    /// How far back costs are kept.
    pub history_months: i64,
    /// When a trial ends.
    pub trial_end: Option<Timestamp>,
    /// When the paid period ends.
    pub period_end: Option<Timestamp>,
    /// Since when a payment is missing.
    pub past_due_since: Option<Timestamp>,
    /// Stripe's id of the customer.
    pub stripe_customer_id: Option<String>,
    /// Stripe's id of the subscription.
    pub stripe_subscription_id: Option<String>,
    /// The event that caused this version.
    pub stripe_event_id: Option<String>,
    /// When it was made; the same in all versions.
    pub created_at: Timestamp,
    /// Which version this is.
    #[serde(flatten)]
    pub version: RowVersion,
}

impl LedgerRow for OrgSubscription {
    const TABLE: &'static str = "org_subscriptions";
}
