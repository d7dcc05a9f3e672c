//! Anthropic: the organization's costs and usage, read with an admin key.
//!
//! Amounts are cents, as texts. The bill has no API key and no user, and nothing of the Priority
//! Tier; code execution and sessions stand on the bill only. What Claude Code guesses of its own
//! costs is kept with usage, and is never a cost.

mod costs;
mod usage;

use std::ops::Range;

use async_trait::async_trait;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Cost, KEY, Line, Page, Report, Source, Strange, Usage, bucket};
use crate::providers::{Api, ApiError, Fields, Reach, Refusal};

/// Where it answers.
const HOST: &str = "https://api.anthropic.com";
/// Costs by workspace and description, which also tells model, tier and kind of token.
const COSTS: Report = Report {
    name: "cost_report",
    path: "/v1/organizations/cost_report",
    group_by: &["workspace_id", "description"],
    days: 31,
};

/// Anthropic.
#[derive(Debug)]
pub struct Anthropic;

/// A page of the report that has no buckets.
#[derive(Debug, Deserialize)]
struct Flat {
    data: Vec<Map<String, Value>>,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    next_page: Option<String>,
}

#[async_trait]
impl Source for Anthropic {
    fn id(&self) -> &'static str {
        "anthropic"
    }

    fn name(&self) -> &'static str {
        "Anthropic"
    }

    fn api(&self, reach: &Reach, fields: &Fields) -> anyhow::Result<Api> {
        let api = reach.api(self.id(), HOST)?.with("anthropic-version", "2023-06-01");
        Ok(api.with("x-api-key", fields.get(KEY).unwrap_or_default()))
    }

    fn costs(&self) -> Report {
        COSTS
    }

    fn sums(&self) -> Option<Report> {
        Some(Report { name: "cost_report_by_day", group_by: &[], ..COSTS })
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
        if report.name == usage::CLAUDE_CODE {
            return flat(api, report, days, cursor).await;
        }
        let bounds = [
            ("starting_at", format!("{}T00:00:00Z", days.start)),
            ("ending_at", format!("{}T00:00:00Z", days.end)),
        ];
        bucket::page(api, report, bounds, cursor).await
    }

    fn cost(&self, line: &Line) -> Result<Cost, Strange> {
        costs::read(line)
    }

    fn usages(&self, report: &Report, line: &Line) -> Result<Vec<Usage>, Strange> {
        usage::read(report, line)
    }

    /// The texts that it is known to answer: `authentication_error` with `invalid x-api-key`, of a
    /// key of another kind, a deleted or a mistyped one; `permission_error`, with `scope` for keys
    /// of Enterprise plans; `organization … disabled`.
    fn refused(&self, refusal: &Refusal, key: &str) -> String {
        if !key.starts_with("sk-ant-admin") {
            "this is not an admin key, and no other may read costs (sk-ant-admin…; \
             platform.claude.com, Settings, Admin keys)"
        } else if refusal.says(&["organization has been disabled", "organization is disabled"]) {
            "Anthropic says that the organization of this key is disabled"
        } else if refusal.says(&["permission_error", "does not have permission", "scope"]) {
            "this admin key may not read usage and costs: make one whose owner is an admin of the \
             organization"
        } else if refusal.says(&["invalid x-api-key", "authentication_error", "revoked"]) {
            "Anthropic does not know this admin key: it was revoked, or not copied whole"
        } else {
            "Anthropic refuses this key, and does not say why"
        }
        .to_owned()
    }
}

/// Claude Code's report says one day at a time, and names it in each line.
async fn flat(
    api: &Api,
    report: &Report,
    days: &Range<Date>,
    cursor: Option<&str>,
) -> Result<Page, ApiError> {
    let mut query = vec![("starting_at", days.start.to_string()), ("limit", "1000".to_owned())];
    query.extend(cursor.map(|cursor| ("page", cursor.to_owned())));
    let Flat { data, has_more, next_page } = api.get(report.path, &query).await?;
    let lines = data.into_iter().map(|fields| Line { day: days.start, fields }).collect();
    Ok(Page { lines, next: has_more.then(|| next_page.unwrap_or_default()) })
}
