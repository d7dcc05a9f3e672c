//! Rows of `llm_usage_raw`.

use arrow::array::RecordBatch;
use jiff::{Timestamp, civil::Date};

use super::arrays::Arrays;
use crate::decimal::Decimal;

/// What was consumed of one meter on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// The project or workspace.
    pub project: Option<String>,
    /// Whose requests.
    pub user: Option<String>,
    /// The API key.
    pub api_key: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// How the requests were served.
    pub service_tier: Option<String>,
    /// Which length of context they had.
    pub context_window: Option<String>,
    /// Where inference took place.
    pub geo: Option<String>,
    /// What was metered.
    pub meter: String,
    /// How much.
    pub quantity: Decimal,
    /// In which unit.
    pub unit: &'static str,
    /// What costs find it by; `None` where none should.
    pub matched_by: Option<String>,
    /// What the provider guesses that it costs: no bill.
    pub estimate: Option<(Decimal, String)>,
}

impl Usage {
    /// The key of a cost of these dimensions.
    #[must_use]
    pub fn key(parts: [Option<&str>; 6]) -> String {
        parts.map(Option::unwrap_or_default).join("|")
    }
}

/// Usage with the day that it is of and the fields that it was read from.
#[derive(Debug, Clone)]
pub(super) struct Dated {
    pub(super) day: Date,
    pub(super) report: &'static str,
    pub(super) usage: Usage,
    pub(super) fields: std::sync::Arc<str>,
}

/// Rows as a batch.
pub(super) fn batch(rows: &[Dated], now: Timestamp) -> anyhow::Result<RecordBatch> {
    let text = |values: fn(&Usage) -> Option<&str>| rows.iter().map(move |it| values(&it.usage));
    let days: Vec<Date> = rows.iter().map(|row| row.day).collect();
    let estimate = |row: &Dated| row.usage.estimate.as_ref().map(|(amount, _)| *amount);
    Arrays::default()
        .text("report", rows.iter().map(|row| Some(row.report)))
        .text("project_id", text(|row| row.project.as_deref()))
        .text("user_id", text(|row| row.user.as_deref()))
        .text("api_key_id", text(|row| row.api_key.as_deref()))
        .text("model", text(|row| row.model.as_deref()))
        .text("token_type", text(|row| Some(&row.meter)))
        .text("service_tier", text(|row| row.service_tier.as_deref()))
        .text("context_window", text(|row| row.context_window.as_deref()))
        .text("inference_geo", text(|row| row.geo.as_deref()))
        .text("quantity_unit", text(|row| Some(row.unit)))
        .text("estimated_currency", text(|row| row.estimate.as_ref().map(|(_, it)| it.as_str())))
        .text("x_match", text(|row| row.matched_by.as_deref()))
        .text("x_fields", rows.iter().map(|row| Some(&*row.fields)))
        .amounts("quantity", rows.iter().map(|row| Some(row.usage.quantity)))?
        .amounts("estimated_cost", rows.iter().map(estimate))?
        .days(&days, now)?
        .batch()
}
