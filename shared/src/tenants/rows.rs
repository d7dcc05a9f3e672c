//! What ledgers are told of organizations, their keys and their plans.

use crate::{
    audit::By,
    entities::{ApiKey, Organization, Subscription},
    ledger::{RowVersion, rows},
    org::OrgSlug,
    store::Key,
};

/// Who made a version, and which one it replaces: none for the first.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) by: By<'a>,
    pub(super) replaces: Option<i64>,
}

impl Cause<'_> {
    fn version(self, version: i64) -> RowVersion {
        RowVersion { version, replaces: self.replaces, recorded_by: Some(self.by.recorded()) }
    }
}

pub(super) fn profile(
    of: &Organization,
    plan: &Subscription,
    cause: Cause<'_>,
) -> rows::OrgProfile {
    rows::OrgProfile {
        org_slug: of.org_slug.clone(),
        company_name: of.company_name.clone(),
        admin_email: of.admin_email.clone(),
        dataset: of.dataset.clone(),
        status: of.state.as_str().to_owned(),
        plan: plan.plan.clone(),
        currency: of.currency.clone(),
        country: of.country.clone(),
        language: of.language.clone(),
        timezone: of.timezone.clone(),
        fiscal_year_start_month: of.fiscal_year_start_month.into(),
        created_at: of.created_at,
        version: cause.version(of.version),
    }
}

pub(super) fn subscription(
    org: &OrgSlug,
    of: &Subscription,
    cause: Cause<'_>,
) -> rows::OrgSubscription {
    rows::OrgSubscription {
        org_slug: org.clone(),
        plan: of.plan.clone(),
        status: of.status.as_str().to_owned(),
        daily_limit: of.limits.runs_per_day.into(),
        monthly_limit: of.limits.runs_per_month.into(),
        concurrent_limit: of.limits.concurrent_runs.into(),
        seat_limit: of.limits.seats.into(),
        provider_limit: of.limits.providers.into(),
        history_months: of.limits.history_months.into(),
        trial_end: of.trial_end,
        period_end: of.period_end,
        past_due_since: of.past_due_since,
        stripe_customer_id: None,
        stripe_subscription_id: None,
        stripe_event_id: None,
        created_at: of.created_at,
        version: cause.version(of.version),
    }
}

pub(super) fn api_key(document: &Key, of: &ApiKey, cause: Cause<'_>) -> rows::OrgApiKey {
    rows::OrgApiKey {
        org_slug: of.org_slug.clone(),
        key_id: of.key_id,
        org_api_key_hash: document.id.clone(),
        fingerprint: of.fingerprint.clone(),
        name: of.name.clone(),
        scopes: of.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        active: of.revoked_at.is_none(),
        expires_at: of.expires_at,
        revoked_at: of.revoked_at,
        successor: of.successor,
        created_at: of.created_at,
        version: cause.version(of.version),
    }
}
