//! Changing and forgetting a subscription.

use super::{ChangeForm, Changed, SubscriptionView, Subscriptions, read::Mistakes};
use crate::{
    Error, Result,
    audit::By,
    entities::{SaasSubscription, next_version},
    org::OrgSlug,
    saas::Terms,
};

impl Subscriptions {
    /// Makes a subscription what the form says. Where seats, price, cycle or discount change, a new
    /// version begins on its day; what was before stays.
    ///
    /// # Errors
    ///
    /// 404 where there is none, 409 where a version begins on that day already, 422 with every
    /// mistake.
    pub async fn change(
        &self,
        org: &OrgSlug,
        (provider, id): (&str, &str),
        form: &ChangeForm,
        by: By<'_>,
    ) -> Result<SubscriptionView> {
        let mut held = self.find(org, provider, id).await?;
        let replaces = held.value.version;
        apply(&mut held.value, form)?;
        held.value.updated_at = self.clock.now();
        held.value.version = next_version(replaces, held.value.updated_at);
        let write = held.replace()?;
        let changed = Changed {
            org,
            by,
            action: "subscription.change",
            subscription: &held.value,
            replaces: Some(replaces),
            active: true,
        };
        self.commit(&changed, vec![write]).await?;
        Ok(SubscriptionView::new(&held.value, self.today()))
    }

    /// Forgets a subscription. The lines that it has in costs go with the next run over their days.
    ///
    /// # Errors
    ///
    /// 404 where there is none.
    pub async fn forget(
        &self,
        org: &OrgSlug,
        (provider, id): (&str, &str),
        by: By<'_>,
    ) -> Result<()> {
        let mut held = self.find(org, provider, id).await?;
        let (delete, replaces) = (held.delete(), held.value.version);
        held.value.version = next_version(replaces, self.clock.now());
        let changed = Changed {
            org,
            by,
            action: "subscription.delete",
            subscription: &held.value,
            replaces: Some(replaces),
            active: false,
        };
        self.commit(&changed, vec![delete]).await
    }
}

fn apply(subscription: &mut SaasSubscription, form: &ChangeForm) -> Result<()> {
    let mut mistakes = Mistakes::default();
    let day = mistakes.day("effective_date", form.effective_date.as_deref());
    subscription.plan = mistakes.name("plan", form.plan.as_deref());
    subscription.end_date = mistakes.day("end_date", form.end_date.as_deref());
    subscription.renewal_date = mistakes.day("renewal_date", form.renewal_date.as_deref());
    subscription.notice_days = form.notice_days;
    // Without a day of its own, it says again what holds last.
    let last = subscription.terms.last().map(|terms| terms.effective);
    let said = mistakes.terms(&form.terms(), day.or(last));
    if let Some(terms) = said {
        let same = subscription.terms.last() == Some(&terms);
        match day {
            Some(day) => begin(subscription, terms, day, &mut mistakes)?,
            None if same || form.effective_date.is_some() => {}
            None => mistakes.add("effective_date", "new terms begin on a day: send it"),
        }
        for (field, message) in subscription.agreement().mistakes() {
            mistakes.add(field, message);
        }
    }
    Error::check(mistakes.0)
}

/// Puts a version among the others.
fn begin(
    subscription: &mut SaasSubscription,
    terms: Terms,
    day: jiff::civil::Date,
    mistakes: &mut Mistakes,
) -> Result<()> {
    if subscription.terms.iter().any(|it| it.effective == day) {
        return Err(Error::Conflict(format!(
            "a version of this subscription begins on {day} already; each has a day of its own"
        )));
    }
    if day < subscription.start_date {
        let message =
            format!("no version begins before the first day, {}", subscription.start_date);
        mistakes.add("effective_date", message);
        return Ok(());
    }
    let at = subscription.terms.partition_point(|it| it.effective < day);
    subscription.terms.insert(at, terms);
    Ok(())
}
