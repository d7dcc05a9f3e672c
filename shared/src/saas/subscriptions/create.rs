//! A new subscription.

use axum::response::Response;
use http::StatusCode;
use jiff::tz::TimeZone;
use serde_json::Map;

use super::{Changed, SubscriptionForm, SubscriptionView, Subscriptions, read, read::Mistakes};
use crate::{
    Error, Result,
    audit::By,
    claims::Answer,
    entities::{SaasSubscription, next_version},
    http::Identity,
    org::OrgSlug,
    saas::Product,
    store::Entity as _,
};

/// The category of what has no template and says none.
const CATEGORY: &str = "Business Applications";

impl Subscriptions {
    /// Keeps a new subscription.
    ///
    /// # Errors
    ///
    /// 404 where there is no such provider, 422 with every mistake.
    pub async fn create(
        &self,
        org: &OrgSlug,
        provider: &str,
        (form, identity): (&SubscriptionForm, &Identity),
        by: By<'_>,
    ) -> Result<Response> {
        let provider = self.providers.find(provider)?;
        let subscription = self.formed(&provider.id, form)?;
        let view = SubscriptionView::new(&subscription, self.today());
        self.claims
            .once(by.caller, identity, async |claim| {
                let key = SaasSubscription::key(org, subscription.subscription_id);
                let mut writes = vec![subscription.create(key)?];
                writes.extend(claim.done(StatusCode::CREATED, &view).await?);
                let changed = Changed {
                    org,
                    by,
                    action: "subscription.create",
                    subscription: &subscription,
                    replaces: None,
                    active: true,
                };
                self.commit(&changed, writes).await?;
                Ok(Answer::new(StatusCode::CREATED, &view)?)
            })
            .await
    }

    /// The UTC day that it is.
    pub(super) fn today(&self) -> jiff::civil::Date {
        TimeZone::UTC.to_datetime(self.clock.now()).date()
    }

    fn formed(&self, provider: &str, form: &SubscriptionForm) -> Result<SaasSubscription> {
        let template =
            form.template.as_deref().map(|id| self.products.get()?.find(id)).transpose()?;
        let mut mistakes = Mistakes::default();
        let read = self.read(provider, form, template, &mut mistakes);
        if let Some(read) = &read {
            for (field, message) in read.agreement().mistakes() {
                mistakes.add(field, message);
            }
        }
        Error::check(mistakes.0)?;
        read.ok_or_else(|| Error::invalid("", "this is no subscription"))
    }

    fn read(
        &self,
        provider: &str,
        form: &SubscriptionForm,
        template: Option<&Product>,
        mistakes: &mut Mistakes,
    ) -> Option<SaasSubscription> {
        let of = |own: &Option<String>, other: Option<&String>| own.clone().or(other.cloned());
        let name = of(&form.name, template.map(|it| &it.name));
        if name.is_none() {
            mistakes.add("name", "send a name, or the template of a product");
        }
        let vendor = of(&form.vendor, template.map(|it| &it.vendor)).or_else(|| name.clone());
        let name = mistakes.name("name", name.as_deref());
        let vendor = mistakes.name("vendor", vendor.as_deref());
        let plan = mistakes.name("plan", form.plan.as_deref());
        let (category, subcategory) = self.category(form, template, mistakes);
        let currency = mistakes.take("currency", read::currency(&form.currency));
        let start = mistakes.day("start_date", Some(&form.start_date));
        let trial_end_date = mistakes.day("trial_end_date", form.trial_end_date.as_deref());
        let end_date = mistakes.day("end_date", form.end_date.as_deref());
        let renewal_date = mistakes.day("renewal_date", form.renewal_date.as_deref());
        let terms = mistakes.terms(&form.terms(), start);
        let now = self.clock.now();
        Some(SaasSubscription {
            subscription_id: self.ids.new_id(),
            provider: provider.to_owned(),
            name: name?,
            vendor: vendor?,
            plan,
            service_category: category,
            service_subcategory: subcategory,
            currency: currency?,
            start_date: start?,
            trial_end_date,
            end_date,
            renewal_date,
            notice_days: form.notice_days,
            terms: vec![terms?],
            created_at: now,
            updated_at: now,
            version: next_version(0, now),
            other: Map::new(),
        })
    }

    /// The service category and subcategory, which FOCUS knows.
    fn category(
        &self,
        form: &SubscriptionForm,
        template: Option<&Product>,
        mistakes: &mut Mistakes,
    ) -> (String, Option<String>) {
        let (category, subcategory) = match (&form.service_category, template) {
            (Some(category), _) => (category.clone(), form.service_subcategory.clone()),
            (None, Some(it)) => (it.service_category.clone(), Some(it.service_subcategory.clone())),
            (None, None) => (CATEGORY.to_owned(), form.service_subcategory.clone()),
        };
        match self.model.subcategories.get(&category) {
            None => {
                let known: Vec<_> = self.model.subcategories.keys().map(String::as_str).collect();
                let message = format!("a service category is one of {}", known.join(", "));
                mistakes.add("service_category", message);
            }
            Some(known) => {
                if subcategory.as_ref().is_some_and(|name| !known.contains(name)) {
                    let message = format!("a subcategory of {category} is {}", known.join(", "));
                    mistakes.add("service_subcategory", message);
                }
            }
        }
        (category, subcategory)
    }
}
