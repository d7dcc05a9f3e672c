//! An organization: `organizations/-/{slug in lowercase}`.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    org::OrgSlug,
    store::{Collection, Entity, Key},
};

/// Where an organization is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrgState {
    /// Being onboarded: the slug is taken, nobody gets in, the sweep undoes it if it stays so.
    Creating,
    /// In use.
    Active,
    /// Left; can be restored for 30 days.
    Deleted,
    /// Being purged. The slug stays taken for ever.
    Purging,
}

impl OrgState {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Active => "ACTIVE",
            Self::Deleted => "DELETED",
            Self::Purging => "PURGING",
        }
    }
}

/// An organization's profile and state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Organization {
    /// Its slug, as it was first written.
    pub org_slug: OrgSlug,
    /// What people call it, in any script.
    pub company_name: String,
    /// Whom to write to.
    pub admin_email: String,
    /// The name of its dataset.
    pub dataset: String,
    /// Where it is in its life.
    pub state: OrgState,
    /// ISO 4217.
    pub currency: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// BCP 47.
    pub language: String,
    /// IANA name; decides what "today" and "this month" are.
    pub timezone: String,
    /// 1 to 12.
    pub fiscal_year_start_month: u8,
    /// When it was onboarded.
    pub created_at: Timestamp,
    /// Version of its newest row in `org_profiles`.
    pub version: i64,
    /// Marks what its onboarding made: the label of its dataset.
    pub creation: String,
    /// When to come back: to undo a creation that never ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Organization {
    /// Where an organization's document is.
    #[must_use]
    pub fn key(slug: &OrgSlug) -> Key {
        Key::system(Collection::Organizations, slug.key())
    }

    /// Which day it is there at `now`.
    #[must_use]
    pub fn today(&self, now: Timestamp) -> Date {
        let zone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        now.to_zoned_datetime(zone).date()
    }
}

impl Entity for Organization {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("state", self.state.as_str().to_owned())])
    }

    fn due_at(&self) -> Option<Timestamp> {
        self.due_at
    }
}
