//! Onboarding: all of it or none of it.
//!
//! 1. The organization's document is created as CREATING: the slug is taken, nobody gets in.
//! 2. The dataset is made under that creation's label, with its tables, and looked at again.
//! 3. One commit makes it ACTIVE, with its data key, first API key, plan, counters, ledger rows and
//!    the sealed answer.
//!
//! What stops before 3 is undone: at once, or by the sweep after a crash.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, json};
use utoipa::ToSchema;

use super::{
    NewOrganization, Tenants,
    bodies::{KeyBody, Onboarded, OrganizationBody},
    change::Change,
    dataset::dataset_exists,
    form::Checklist,
    keys::Made,
    rows::{self, Cause},
    undo::PATIENCE,
};
use crate::{
    Error, Result,
    audit::By,
    claims::{Answer, Begin, Claim},
    entities::{
        Counters, KeyScope, Limits, OrgState, Organization, Status, Subscription, next_version,
    },
    error::Detail,
    http::Identity,
    org::OrgSlug,
    store::{Entity as _, Held, Owner, StoreError, StoreExt as _},
    warehouse::Dataset,
};

/// What onboarding would make.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRun {
    /// The slug.
    pub org_slug: String,
    /// The dataset.
    pub dataset: String,
    /// Its tables.
    pub tables: Vec<String>,
    /// The plan of the trial.
    pub plan: String,
    /// What that allows.
    pub limits: Limits,
    /// When the trial would end.
    pub trial_end: Timestamp,
}

impl Tenants {
    /// Every check of onboarding; nothing is written.
    ///
    /// # Errors
    ///
    /// 422 with all mistakes at once; 409 where all that is wrong is that the slug is taken.
    pub async fn dry_run(&self, request: &NewOrganization) -> Result<DryRun> {
        let taken = self.taken(&request.org_slug).await?;
        match (request.check(&self.plans), taken) {
            (Ok(form), None) => self.would_make(&form),
            (Ok(_), Some(taken)) => Err(taken),
            (Err(details), None) => Err(Error::all(details)),
            (Err(mut details), Some(taken)) => {
                details.push(Detail { field: "org_slug".to_owned(), message: taken.to_string() });
                Err(Error::all(details))
            }
        }
    }

    /// Makes the organization, and answers 201 with its first API key, once.
    ///
    /// # Errors
    ///
    /// 422 with all mistakes at once, 409 where the slug exists in any case. Whatever fails, nothing
    /// of it remains.
    pub async fn onboard(
        &self,
        by: By<'_>,
        request: &NewOrganization,
        identity: &Identity,
    ) -> Result<Answer> {
        let form = request.check(&self.plans).map_err(Error::all)?;
        let claim = match self.claims.begin(by.caller, identity).await? {
            Begin::Replay(answer) => return Ok(answer),
            Begin::Fresh(claim) => claim,
        };
        let answer = self.create(by, &form, &claim).await?;
        claim.keep();
        Ok(answer)
    }

    async fn create(&self, by: By<'_>, form: &Checklist, claim: &Claim) -> Result<Answer> {
        let creating = self.take_slug(form).await?;
        let made = match self.make_dataset(&creating.value).await {
            Ok(()) => self.open(by, form, creating.clone(), claim).await,
            Err(error) => Err(error),
        };
        if made.is_err()
            && let Err(error) = self.undo_creation(creating).await
        {
            tracing::warn!(org_slug = %form.org_slug, %error, "the sweep will undo this onboarding");
        }
        made
    }

    /// Step 1.
    async fn take_slug(&self, form: &Checklist) -> Result<Held<Organization>> {
        let now = self.clock.now();
        let value = Organization {
            org_slug: form.org_slug.clone(),
            company_name: form.company_name.clone(),
            admin_email: form.admin_email.clone(),
            dataset: form.org_slug.dataset(self.env),
            state: OrgState::Creating,
            currency: form.currency.clone(),
            country: form.country.clone(),
            language: form.language.clone(),
            timezone: form.timezone.clone(),
            fiscal_year_start_month: form.fiscal_year_start_month,
            created_at: now,
            version: next_version(0, now),
            creation: self.ids.new_id().to_string(),
            due_at: Some(now + PATIENCE),
            other: Map::new(),
        };
        let key = Organization::key(&form.org_slug);
        let versions = match self.store.commit(vec![value.create(key.clone())?]).await {
            Err(StoreError::Conflict(_)) => return Err(slug_taken(form.org_slug.as_str())),
            other => other?,
        };
        Ok(Held { key, version: versions.into_iter().next().unwrap_or_default(), value })
    }

    /// Step 3.
    async fn open(
        &self,
        by: By<'_>,
        form: &Checklist,
        mut held: Held<Organization>,
        claim: &Claim,
    ) -> Result<Answer> {
        (held.value.state, held.value.due_at) = (OrgState::Active, None);
        let (organization, org) = (held.value.clone(), &form.org_slug);
        let subscription = self.trial(form);
        let counters = Counters::new(organization.today(self.clock.now()));
        let first = self.make_key(org, "first key", &KeyScope::ALL, claim);
        let cause = Cause { by, replaces: None };

        let mut change = Change::new(self, org);
        change.write(held.replace()?).write(subscription.create(Subscription::key(org))?);
        change.write(counters.create(Counters::key(org))?);
        change.write(first.key.create(first.document.clone())?);
        change.writes(self.vault.missing_data_key(&Owner::Org(org.clone()), &self.ledger).await?);
        change.row(&rows::profile(&organization, &subscription, cause))?;
        change.row(&rows::subscription(org, &subscription, cause))?;
        change.row(&rows::api_key(&first.document, &first.key, cause))?;
        let details =
            json!({ "company_name": organization.company_name, "plan": subscription.plan });
        change.audit(by, "organization.onboard", org, details)?;
        let body = body(&organization, &subscription, &counters, &first);
        let answer = change.answer(claim, &body).await?;
        change.commit().await?;
        self.authenticator.forget_organization(org);
        Ok(answer)
    }

    fn trial(&self, form: &Checklist) -> Subscription {
        let now = self.clock.now();
        Subscription {
            plan: form.plan.name.clone(),
            status: Status::Trial,
            limits: form.plan.limits,
            trial_end: Some(now + Subscription::TRIAL),
            period_end: None,
            past_due_since: None,
            created_at: now,
            version: next_version(0, now),
            other: Map::new(),
        }
    }

    /// Why a slug cannot be had, if so. What is no slug is nobody's.
    async fn taken(&self, slug: &str) -> Result<Option<Error>> {
        let Ok(slug) = OrgSlug::parse(slug) else { return Ok(None) };
        let key = Organization::key(&slug);
        if self.store.find::<Organization>(&key, self.clock.now()).await?.is_some() {
            return Ok(Some(slug_taken(slug.as_str())));
        }
        let labels = self.warehouse.dataset_labels(&Dataset::Org(slug.clone())).await?;
        Ok(labels.map(|_| dataset_exists(&slug.dataset(self.env))))
    }

    fn would_make(&self, form: &Checklist) -> Result<DryRun> {
        let tables = self.organization_tables()?;
        Ok(DryRun {
            org_slug: form.org_slug.to_string(),
            dataset: form.org_slug.dataset(self.env),
            tables: tables.into_iter().map(|table| table.name).collect(),
            plan: form.plan.name.clone(),
            limits: form.plan.limits,
            trial_end: self.clock.now() + Subscription::TRIAL,
        })
    }
}

fn slug_taken(slug: &str) -> Error {
    Error::Conflict(format!("the slug `{slug}` is taken, please choose another"))
}

fn body(
    organization: &Organization,
    subscription: &Subscription,
    counters: &Counters,
    first: &Made,
) -> Onboarded {
    Onboarded {
        organization: OrganizationBody::new(
            organization,
            subscription,
            counters,
            organization.created_at,
        ),
        api_key: first.text.expose().to_owned(),
        key: KeyBody::at(&first.key, first.key.created_at),
    }
}
