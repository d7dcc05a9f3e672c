//! An organization's profile: read, changed, listed.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{
    Tenants,
    bodies::{OrganizationBody, OrganizationItem},
    change::Change,
    fields,
    form::Mistakes,
    rows::{self, Cause},
};
use crate::{
    Error, Result,
    audit::By,
    entities::{Counters, OrgState, Organization, Subscription, next_version},
    org::OrgSlug,
    store::{Collection, Held, Key, List, Owner, PageRequest, StoreExt as _},
};

/// What of a profile is to change; what is not given stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilePatch {
    /// What people call it, in any script; at most 200 characters.
    pub company_name: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// IANA name.
    pub timezone: Option<String>,
    /// 1 to 12.
    pub fiscal_year_start_month: Option<i64>,
}

impl ProfilePatch {
    /// Changes the profile; returns what was before and is now, by field.
    fn apply(&self, to: &mut Organization) -> Result<Map<String, Value>> {
        let before = OrganizationItem::from(&*to);
        let mut mistakes = Mistakes::default();
        let texts = [
            (
                "company_name",
                &self.company_name,
                fields::name as fn(&str) -> _,
                &mut to.company_name,
            ),
            ("currency", &self.currency, fields::currency, &mut to.currency),
            ("country", &self.country, fields::country, &mut to.country),
            ("language", &self.language, fields::language, &mut to.language),
            ("timezone", &self.timezone, fields::timezone, &mut to.timezone),
        ];
        for (field, given, check, member) in texts {
            let checked = given.as_deref().and_then(|text| mistakes.take(field, check(text)));
            if let Some(value) = checked {
                *member = value;
            }
        }
        let field = "fiscal_year_start_month";
        let month = self.fiscal_year_start_month;
        if let Some(month) = month.and_then(|month| mistakes.take(field, fields::month(month))) {
            to.fiscal_year_start_month = month;
        }
        Error::check(mistakes.0)?;
        changes(&before, &OrganizationItem::from(&*to))
    }
}

impl Tenants {
    /// The profile, the plan, and what is used of its limits.
    ///
    /// # Errors
    ///
    /// 404 where there is no such organization in use.
    pub async fn organization(&self, org: &OrgSlug) -> Result<OrganizationBody> {
        let held = self.held_organization(org).await?;
        self.with_plan(&held.value).await
    }

    /// Changes the profile. What is so already is not written again.
    ///
    /// # Errors
    ///
    /// 422 with all mistakes at once, 409 where somebody else changed it at the same time.
    pub async fn patch_organization(
        &self,
        by: By<'_>,
        org: &OrgSlug,
        patch: &ProfilePatch,
    ) -> Result<OrganizationBody> {
        let mut held = self.held_organization(org).await?;
        let changes = patch.apply(&mut held.value)?;
        if !changes.is_empty() {
            let cause = Cause { by, replaces: Some(held.value.version) };
            held.value.version = next_version(held.value.version, self.clock.now());
            let subscription: Held<Subscription> = self.must_find(&Subscription::key(org)).await?;
            let mut change = Change::new(self, org);
            change.write(held.replace()?);
            change.row(&rows::profile(&held.value, &subscription.value, cause))?;
            change.audit(by, "organization.update", org, Value::Object(changes))?;
            change.commit().await?;
            self.authenticator.forget_organization(org);
        }
        self.with_plan(&held.value).await
    }

    /// A page of all organizations, by slug backwards, and where the next begins.
    ///
    /// # Errors
    ///
    /// Fails where the store does not answer.
    pub async fn organizations(
        &self,
        state: Option<OrgState>,
        page: PageRequest,
    ) -> Result<(Vec<OrganizationItem>, Option<String>)> {
        let filters = state.map(|state| ("state", state.as_str().to_owned())).into_iter().collect();
        let owner = Some(Owner::System);
        let list = List { collection: Collection::Organizations, owner, filters, page };
        let page = self.store.list(&list).await?;
        let next = page.next.clone();
        let held = page.read::<Organization>()?;
        Ok((held.iter().map(|held| OrganizationItem::from(&held.value)).collect(), next))
    }

    /// The organization as it is now, if it is in use.
    pub(super) async fn held_organization(&self, org: &OrgSlug) -> Result<Held<Organization>> {
        let found = self.store.find(&Organization::key(org), self.clock.now()).await?;
        found
            .filter(|held: &Held<Organization>| held.value.state == OrgState::Active)
            .ok_or_else(|| Error::NotFound("there is no such organization".to_owned()))
    }

    /// A document that every organization in use has.
    pub(super) async fn must_find<T: crate::store::Entity>(&self, key: &Key) -> Result<Held<T>> {
        let found = self.store.find(key, self.clock.now()).await?;
        Ok(found.ok_or_else(|| anyhow::anyhow!("document {key} is missing"))?)
    }

    async fn with_plan(&self, organization: &Organization) -> Result<OrganizationBody> {
        let (org, now) = (&organization.org_slug, self.clock.now());
        let subscription: Held<Subscription> = self.must_find(&Subscription::key(org)).await?;
        let mut counters: Held<Counters> = self.must_find(&Counters::key(org)).await?;
        counters.value.roll(organization.today(now));
        Ok(OrganizationBody::new(organization, &subscription.value, &counters.value, now))
    }
}

/// What differs, by field: before and after.
fn changes(before: &OrganizationItem, after: &OrganizationItem) -> Result<Map<String, Value>> {
    let object = |item| serde_json::to_value(item).map_err(anyhow::Error::from);
    let (before, after) = (object(before)?, object(after)?);
    let fields = after.as_object().into_iter().flatten();
    let differ = fields.filter(|(field, value)| before[field.as_str()] != **value);
    let pair = |(field, value): (&String, &Value)| {
        (field.clone(), json!({ "before": before[field.as_str()], "after": value }))
    };
    Ok(differ.map(pair).collect())
}
