//! An organization's plan with us: `subscriptions/{org}/current`.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    org::OrgSlug,
    store::{Collection, Entity, Key},
};

/// The state of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Without a card, for 14 days.
    Trial,
    /// Paid.
    Active,
    /// A payment failed: 7 days of grace.
    PastDue,
    /// Pipelines stop; reading costs stays possible.
    Suspended,
    /// As suspended.
    Cancelled,
}

impl Status {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trial => "TRIAL",
            Self::Active => "ACTIVE",
            Self::PastDue => "PAST_DUE",
            Self::Suspended => "SUSPENDED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// What a plan allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Pipeline runs a day, in the organization's timezone.
    pub runs_per_day: u32,
    /// Pipeline runs a month, in the organization's timezone.
    pub runs_per_month: u32,
    /// Runs at the same time.
    pub concurrent_runs: u32,
    /// People.
    pub seats: u32,
    /// Connected providers.
    pub providers: u32,
    /// How far back costs are kept.
    pub history_months: u32,
}

/// The plan of an organization.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Subscription {
    /// A name of `configs/system/plans.yml`.
    pub plan: String,
    /// Its state, as it was last written; see [`Subscription::status_at`].
    pub status: Status,
    /// What it allows.
    pub limits: Limits,
    /// When a trial ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<Timestamp>,
    /// When the paid period ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_end: Option<Timestamp>,
    /// Since when it is past due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub past_due_since: Option<Timestamp>,
    /// When the organization got it.
    pub created_at: Timestamp,
    /// Version of its newest row in `org_subscriptions`.
    pub version: i64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Subscription {
    /// How long pipelines go on after a failed payment.
    pub const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);
    /// How long a trial lasts.
    pub const TRIAL: SignedDuration = SignedDuration::from_hours(14 * 24);

    /// Where an organization's plan is.
    #[must_use]
    pub fn key(org: &OrgSlug) -> Key {
        Key::org(Collection::Subscriptions, org, "current")
    }

    /// What holds at `now`, even where nobody wrote down yet that a trial or a grace has ended.
    #[must_use]
    pub fn status_at(&self, now: Timestamp) -> Status {
        match self.status {
            Status::Trial if self.trial_end.is_some_and(|end| end <= now) => Status::Suspended,
            Status::PastDue
                if self.past_due_since.is_some_and(|since| since + Self::GRACE <= now) =>
            {
                Status::Suspended
            }
            status => status,
        }
    }

    /// Whether pipelines may run at `now`.
    #[must_use]
    pub fn may_run(&self, now: Timestamp) -> bool {
        matches!(self.status_at(now), Status::Trial | Status::Active | Status::PastDue)
    }
}

impl Entity for Subscription {}
