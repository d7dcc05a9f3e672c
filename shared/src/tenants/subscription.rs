//! An organization's plan with us, set by the operator.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Tenants,
    bodies::SubscriptionBody,
    change::Change,
    form::Mistakes,
    rows::{self, Cause},
};
use crate::{
    Error, Result,
    audit::By,
    entities::{Limits, Status, Subscription, next_version},
    org::OrgSlug,
    plans::limit_mistakes,
    store::Held,
};

/// A plan, as the operator sets it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    /// A name of `GET /api/v1/plans`.
    pub plan: String,
    /// Its state.
    pub status: Status,
    /// What it allows; what the plan says unless given.
    pub limits: Option<Limits>,
    /// When a trial ends; for TRIAL only. 14 days from now unless one is running.
    pub trial_end: Option<Timestamp>,
}

impl Tenants {
    /// Sets plan, status and limits. What is so already is not written again.
    ///
    /// # Errors
    ///
    /// 422 with all mistakes at once, 409 where somebody else changed it at the same time.
    pub async fn set_subscription(
        &self,
        by: By<'_>,
        org: &OrgSlug,
        request: &NewSubscription,
    ) -> Result<SubscriptionBody> {
        let now = self.clock.now();
        self.held_organization(org).await?;
        let mut held: Held<Subscription> = self.must_find(&Subscription::key(org)).await?;
        let before = held.value.clone();
        held.value.limits = self.check_subscription(request, now)?;
        held.value.plan.clone_from(&request.plan);
        set_status(&mut held.value, request, now);
        if facts(&before) != facts(&held.value) {
            held.value.version = next_version(before.version, now);
            let mut change = Change::new(self, org);
            change.write(held.replace()?);
            let cause = Cause { by, replaces: Some(before.version) };
            change.row(&rows::subscription(org, &held.value, cause))?;
            let details = json!({
                "before": SubscriptionBody::at(&before, now),
                "after": SubscriptionBody::at(&held.value, now),
            });
            change.audit(by, "subscription.update", org, details)?;
            change.commit().await?;
        }
        Ok(SubscriptionBody::at(&held.value, now))
    }

    fn check_subscription(&self, request: &NewSubscription, now: Timestamp) -> Result<Limits> {
        let mut mistakes = Mistakes::default();
        let plan = mistakes.take("plan", self.plans.named(&request.plan));
        for (field, message) in request.limits.iter().flat_map(limit_mistakes) {
            mistakes.say(&format!("limits.{field}"), message);
        }
        match request.trial_end {
            Some(_) if request.status != Status::Trial => {
                mistakes.say("trial_end", "only a TRIAL has an end of its own");
            }
            Some(end) if end <= now => mistakes.say("trial_end", "a trial ends in the future"),
            _ => {}
        }
        Error::check(mistakes.0)?;
        let of_plan = plan.map(|plan| plan.limits);
        Ok(request.limits.or(of_plan).ok_or_else(|| anyhow::anyhow!("no limits were checked"))?)
    }
}

fn set_status(to: &mut Subscription, request: &NewSubscription, now: Timestamp) {
    let running = to.trial_end.filter(|end| *end > now && to.status == Status::Trial);
    to.trial_end = (request.status == Status::Trial)
        .then(|| request.trial_end.or(running).unwrap_or(now + Subscription::TRIAL));
    let since = to.past_due_since.filter(|_| to.status == Status::PastDue);
    to.past_due_since = (request.status == Status::PastDue).then(|| since.unwrap_or(now));
    to.status = request.status;
}

/// What of a plan can be set.
fn facts(of: &Subscription) -> (&str, Status, Limits, Option<Timestamp>, Option<Timestamp>) {
    (&of.plan, of.status, of.limits, of.trial_end, of.past_due_since)
}
