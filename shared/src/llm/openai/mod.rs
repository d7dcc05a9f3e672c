//! OpenAI: the organization's costs and usage, read with an admin key.
//!
//! Costs have no model and no user, but a `line_item` that names the model and what of it was
//! metered (`gpt-4o, cached input`). Usage has both, and no money.

mod costs;
mod usage;

use std::ops::Range;

use async_trait::async_trait;
use jiff::{civil::Date, tz::TimeZone};

use super::{Cost, KEY, Line, Page, Report, Source, Strange, Usage, bucket};
use crate::providers::{Api, ApiError, Fields, Reach, Refusal};

/// Where it answers.
const HOST: &str = "https://api.openai.com";
/// Costs by project, key and line item; 180 days fit a page.
const COSTS: Report = Report {
    name: "costs",
    path: "/v1/organization/costs",
    group_by: &["project_id", "line_item", "api_key_id"],
    days: 180,
};

/// OpenAI.
#[derive(Debug)]
pub struct OpenAi;

#[async_trait]
impl Source for OpenAi {
    fn id(&self) -> &'static str {
        "openai"
    }

    fn name(&self) -> &'static str {
        "OpenAI"
    }

    fn api(&self, reach: &Reach, fields: &Fields) -> anyhow::Result<Api> {
        let key = format!("Bearer {}", fields.get(KEY).unwrap_or_default());
        Ok(reach.api(self.id(), HOST)?.with("authorization", &key))
    }

    fn costs(&self) -> Report {
        COSTS
    }

    fn sums(&self) -> Option<Report> {
        Some(Report { name: "costs_by_day", group_by: &[], ..COSTS })
    }

    fn usage(&self) -> &'static [Report] {
        &usage::REPORTS
    }

    async fn page(
        &self,
        api: &Api,
        report: &Report,
        days: &Range<Date>,
        cursor: Option<&str>,
    ) -> Result<Page, ApiError> {
        let seconds = |day: Date| {
            day.to_zoned_datetime(TimeZone::UTC)
                .map_or(0, |day| day.timestamp().as_second())
                .to_string()
        };
        let bounds = [("start_time", seconds(days.start)), ("end_time", seconds(days.end))];
        bucket::page(api, report, bounds, cursor).await
    }

    fn cost(&self, line: &Line) -> Result<Cost, Strange> {
        costs::read(line)
    }

    fn usages(&self, report: &Report, line: &Line) -> Result<Vec<Usage>, Strange> {
        usage::read(report, line)
    }

    /// The texts that it is known to answer: `Incorrect API key provided`, of a key that never was
    /// or was deleted; `Missing scopes: api.usage.read`, of a key of a project or a restricted one;
    /// `account_deactivated`; `must be a member of an organization`; `ip_not_authorized`.
    fn refused(&self, refusal: &Refusal, key: &str) -> String {
        let admin = key.starts_with("sk-admin-");
        if refusal.says(&["ip_not_authorized", "IP is not authorized"]) {
            "OpenAI takes this key from listed addresses only, and ours is not among them"
        } else if refusal.says(&["account_deactivated", "has been deactivated"]) {
            "OpenAI says that the account of this key is deactivated"
        } else if !admin && refusal.says(&["missing scopes", "insufficient permissions", "api key"])
        {
            "this is the key of a project, which may not read costs: an admin key is needed \
             (sk-admin-…; platform.openai.com, Settings, Organization, Admin keys)"
        } else if refusal.says(&["missing scopes", "insufficient permissions"]) {
            "this admin key may not read usage and costs: it lacks the permission api.usage.read"
        } else if refusal.says(&["incorrect api key", "invalid_api_key"]) {
            "OpenAI does not know this admin key: it was revoked, or not copied whole"
        } else if refusal.says(&["member of an organization"]) {
            "who made this key is no member of the organization any more"
        } else {
            "OpenAI refuses this key, and does not say why"
        }
        .to_owned()
    }
}
