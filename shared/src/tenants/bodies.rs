//! What the flows answer.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    auth::api_key::KeyText,
    entities::{ApiKey, Counters, KeyScope, Limits, OrgState, Organization, Status, Subscription},
};

/// An organization in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationItem {
    /// Its slug, as it was first written.
    pub org_slug: String,
    /// What people call it.
    pub company_name: String,
    /// Whom to write to.
    pub admin_email: String,
    /// Its dataset.
    pub dataset: String,
    /// Where it is in its life.
    pub state: OrgState,
    /// ISO 4217.
    pub currency: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// BCP 47.
    pub language: String,
    /// IANA name.
    pub timezone: String,
    /// 1 to 12.
    pub fiscal_year_start_month: u8,
    /// When it was onboarded.
    pub created_at: Timestamp,
}

/// An organization with its plan and what it uses of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationBody {
    /// Its profile.
    #[serde(flatten)]
    pub profile: OrganizationItem,
    /// Its plan with us.
    pub subscription: SubscriptionBody,
    /// What it uses of its limits.
    pub usage: Usage,
}

/// An organization's plan with us.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubscriptionBody {
    /// A name of `GET /api/v1/plans`.
    pub plan: String,
    /// What holds now.
    pub status: Status,
    /// What it allows.
    pub limits: Limits,
    /// When a trial ends.
    pub trial_end: Option<Timestamp>,
    /// When the paid period ends.
    pub period_end: Option<Timestamp>,
    /// Until when pipelines go on although a payment failed.
    pub grace_end: Option<Timestamp>,
}

/// What an organization uses of its limits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    /// Today, in the organization's timezone.
    pub day: Date,
    /// Pipeline runs of today.
    pub runs_per_day: Used,
    /// Pipeline runs of this month.
    pub runs_per_month: Used,
    /// Runs that hold a slot now.
    pub concurrent_runs: Used,
    /// Connected providers.
    pub providers: Used,
}

/// A use against its limit.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Used {
    /// What is used.
    pub used: u32,
    /// What may be.
    pub limit: u32,
}

/// An API key, without the key.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyBody {
    /// Its id.
    pub key_id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// The first and last four characters of the key.
    pub fingerprint: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// Whether it opens anything now.
    pub active: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The key that takes its place.
    pub successor: Option<Uuid>,
}

/// A new key, with the key itself: this once.
#[derive(Serialize, ToSchema)]
pub struct IssuedKey {
    /// The key: keep it, it is not shown again.
    pub api_key: String,
    /// What it is.
    #[serde(flatten)]
    pub key: KeyBody,
}

/// The successor of a key, with the key itself: this once.
#[derive(Serialize, ToSchema)]
pub struct RotatedKey {
    /// The successor.
    #[serde(flatten)]
    pub issued: IssuedKey,
    /// The old key, and when it ends.
    pub replaces: KeyBody,
}

/// A new organization, with its first key: this once.
#[derive(Serialize, ToSchema)]
pub struct Onboarded {
    /// The organization.
    #[serde(flatten)]
    pub organization: OrganizationBody,
    /// Its first API key: keep it, it is not shown again.
    pub api_key: String,
    /// What that key is.
    pub key: KeyBody,
}

impl From<&Organization> for OrganizationItem {
    fn from(of: &Organization) -> Self {
        Self {
            org_slug: of.org_slug.to_string(),
            company_name: of.company_name.clone(),
            admin_email: of.admin_email.clone(),
            dataset: of.dataset.clone(),
            state: of.state,
            currency: of.currency.clone(),
            country: of.country.clone(),
            language: of.language.clone(),
            timezone: of.timezone.clone(),
            fiscal_year_start_month: of.fiscal_year_start_month,
            created_at: of.created_at,
        }
    }
}

impl OrganizationBody {
    /// As it is at `now`.
    #[must_use]
    pub fn new(
        organization: &Organization,
        subscription: &Subscription,
        counters: &Counters,
        now: Timestamp,
    ) -> Self {
        Self {
            profile: organization.into(),
            subscription: SubscriptionBody::at(subscription, now),
            usage: Usage::of(counters, &subscription.limits),
        }
    }
}

impl SubscriptionBody {
    /// What holds at `now`.
    #[must_use]
    pub fn at(of: &Subscription, now: Timestamp) -> Self {
        Self {
            plan: of.plan.clone(),
            status: of.status_at(now),
            limits: of.limits,
            trial_end: of.trial_end,
            period_end: of.period_end,
            grace_end: of.past_due_since.map(|since| since + Subscription::GRACE),
        }
    }
}

impl Usage {
    /// What is used today, of these limits.
    #[must_use]
    pub fn of(counters: &Counters, limits: &Limits) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            day: counters.day,
            runs_per_day: Used { used: counters.day_runs, limit: limits.runs_per_day },
            runs_per_month: Used { used: counters.month_runs, limit: limits.runs_per_month },
            concurrent_runs: Used {
                used: count(counters.slots.len()),
                limit: limits.concurrent_runs,
            },
            providers: Used { used: count(counters.providers()), limit: limits.providers },
        }
    }
}

impl KeyBody {
    /// As it is at `now`.
    #[must_use]
    pub fn at(of: &ApiKey, now: Timestamp) -> Self {
        Self {
            key_id: of.key_id,
            name: of.name.clone(),
            fingerprint: of.fingerprint.clone(),
            scopes: of.scopes.clone(),
            active: of.is_active(now),
            created_at: of.created_at,
            expires_at: of.expires_at,
            revoked_at: of.revoked_at,
            successor: of.successor,
        }
    }
}

impl IssuedKey {
    /// The one answer that shows a key.
    #[must_use]
    pub fn new(text: &KeyText, of: &ApiKey) -> Self {
        Self { api_key: text.expose().to_owned(), key: KeyBody::at(of, of.created_at) }
    }
}
