//! What is asked of a new organization, checked whole: all mistakes at once.

use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::{self, Checked};
use crate::{
    error::Detail,
    org::OrgSlug,
    plans::{Plan, PlanCatalog},
};

/// A new organization, as it is asked for.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// 3 to 50 letters, digits or `_`; unique whatever its case, and never given again.
    #[serde(default)]
    pub org_slug: String,
    /// What people call it, in any script; at most 200 characters.
    #[serde(default)]
    pub company_name: String,
    /// Whom to write to.
    #[serde(default)]
    pub admin_email: String,
    /// The plan of the trial; the catalog names one for those who do not choose.
    pub plan: Option<String>,
    /// ISO 4217; `USD` unless given.
    pub currency: Option<String>,
    /// ISO 3166-1 alpha-2; `US` unless given.
    pub country: Option<String>,
    /// BCP 47; `en` unless given.
    pub language: Option<String>,
    /// IANA name; `UTC` unless given.
    pub timezone: Option<String>,
    /// 1 to 12; 1 unless given.
    pub fiscal_year_start_month: Option<i64>,
}

/// A new organization that can be made, as far as its form shows.
#[derive(Debug, Clone)]
pub struct Checklist {
    pub(super) org_slug: OrgSlug,
    pub(super) company_name: String,
    pub(super) admin_email: String,
    pub(super) plan: Plan,
    pub(super) currency: String,
    pub(super) country: String,
    pub(super) language: String,
    pub(super) timezone: String,
    pub(super) fiscal_year_start_month: u8,
}

/// Collects mistakes by field.
#[derive(Debug, Default)]
pub(super) struct Mistakes(pub(super) Vec<Detail>);

impl Mistakes {
    /// The value, unless it is a mistake.
    pub(super) fn take<T>(&mut self, field: &str, checked: Checked<T>) -> Option<T> {
        let push = |message| self.0.push(Detail { field: field.to_owned(), message });
        checked.map_err(push).ok()
    }
}

impl Mistakes {
    /// Adds one.
    pub(super) fn say(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Detail { field: field.to_owned(), message: message.into() });
    }
}

impl NewOrganization {
    /// Checks everything that needs no look at the store or the warehouse.
    ///
    /// # Errors
    ///
    /// Every mistake, by field.
    pub fn check(&self, plans: &PlanCatalog) -> Result<Checklist, Vec<Detail>> {
        let mut mistakes = Mistakes::default();
        let checked = self.fill(plans, &mut mistakes);
        match checked {
            Some(checked) if mistakes.0.is_empty() => Ok(checked),
            _ => Err(mistakes.0),
        }
    }

    fn fill(&self, plans: &PlanCatalog, mistakes: &mut Mistakes) -> Option<Checklist> {
        let or =
            |given: &Option<String>, default: &str| given.as_deref().unwrap_or(default).to_owned();
        let slug = OrgSlug::parse(&self.org_slug).map_err(|error| error.to_string());
        // Each is taken before any is asked for, so that none hides another.
        let org_slug = mistakes.take("org_slug", slug);
        let company_name = mistakes.take("company_name", fields::name(&self.company_name));
        let admin_email = mistakes.take("admin_email", fields::email(&self.admin_email));
        let plan = mistakes.take("plan", self.plan(plans));
        let currency = mistakes.take("currency", fields::currency(&or(&self.currency, "USD")));
        let country = mistakes.take("country", fields::country(&or(&self.country, "US")));
        let language = mistakes.take("language", fields::language(&or(&self.language, "en")));
        let timezone = mistakes.take("timezone", fields::timezone(&or(&self.timezone, "UTC")));
        let month = fields::month(self.fiscal_year_start_month.unwrap_or(1));
        let month = mistakes.take("fiscal_year_start_month", month);
        Some(Checklist {
            org_slug: org_slug?,
            company_name: company_name?,
            admin_email: admin_email?,
            plan: plan?,
            currency: currency?,
            country: country?,
            language: language?,
            timezone: timezone?,
            fiscal_year_start_month: month?,
        })
    }

    fn plan(&self, plans: &PlanCatalog) -> Checked<Plan> {
        let Some(name) = &self.plan else { return Ok(plans.trial().clone()) };
        plans.named(name).cloned()
    }
}
