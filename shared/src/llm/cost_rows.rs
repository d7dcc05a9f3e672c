//! What is billed for one thing on one day.

use jiff::civil::Date;
use serde_json::Value;

use super::{UNATTRIBUTED, Usage, line::json};
use crate::decimal::Decimal;

/// What is billed for one thing on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// The UTC day.
    pub day: Date,
    /// The provider's words for it.
    pub line_item: String,
    /// The project or workspace.
    pub project: Option<String>,
    /// The API key, where the bill tells.
    pub api_key: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// What of the model was metered, as usage calls it; `None` where no usage report has it.
    pub meter: Option<String>,
    /// How the requests were served.
    pub service_tier: Option<String>,
    /// Which length of context the price is for.
    pub context_window: Option<String>,
    /// Where inference took place.
    pub geo: Option<String>,
    /// `Usage`, `Credit` or `Adjustment`, as FOCUS has it.
    pub category: &'static str,
    /// What is billed; negative for credits.
    pub amount: Decimal,
    /// By how many thousandths of the 18th decimal that was rounded.
    pub residue: u16,
    /// ISO 4217.
    pub currency: String,
    /// How much was consumed, where the bill tells.
    pub quantity: Option<Decimal>,
    /// In which unit.
    pub unit: Option<String>,
    /// The provider's fields, as they came.
    pub fields: String,
}

impl Cost {
    /// What a provider's own sum of a day has and none of its lines.
    #[must_use]
    pub fn unattributed(day: Date, currency: &str, amount: Decimal) -> Self {
        Self {
            day,
            line_item: UNATTRIBUTED.to_owned(),
            project: None,
            api_key: None,
            model: None,
            meter: None,
            service_tier: None,
            context_window: None,
            geo: None,
            category: "Adjustment",
            amount,
            residue: 0,
            currency: currency.to_owned(),
            quantity: None,
            unit: None,
            fields: "{}".to_owned(),
        }
    }

    /// What usage is found by; `None` where there is none to be found.
    pub(super) fn matched_by(&self) -> Option<String> {
        let meter = self.meter.as_deref()?;
        let text = Option::<String>::as_deref;
        Some(Usage::key([
            text(&self.project),
            text(&self.api_key),
            text(&self.model),
            text(&self.service_tier),
            text(&self.context_window),
            Some(meter),
        ]))
    }

    pub(super) fn sku(&self, provider: &str) -> String {
        format!("{provider}/{}", self.model.as_ref().unwrap_or(&self.line_item))
    }

    /// Model, meter and what else its price depends on.
    pub(super) fn sku_price(&self, provider: &str) -> Option<String> {
        let meter = self.meter.as_deref()?;
        let also = [&self.context_window, &self.service_tier].into_iter().flatten();
        Some(also.fold(format!("{}/{meter}", self.sku(provider)), |id, it| format!("{id}/{it}")))
    }

    pub(super) fn details(&self) -> String {
        json([
            ("x_model", Value::from(self.model.clone())),
            ("x_token_type", Value::from(self.meter.clone())),
            ("x_service_tier", Value::from(self.service_tier.clone())),
            ("x_context_window", Value::from(self.context_window.clone())),
            ("x_inference_geo", Value::from(self.geo.clone())),
        ])
    }

    pub(super) fn tags(&self, attribution: Option<&str>) -> String {
        json([
            ("model", Value::from(self.model.clone())),
            ("token_type", Value::from(self.meter.clone())),
            ("api_key_id", Value::from(self.api_key.clone())),
            ("project_id", Value::from(self.project.clone())),
            ("attribution", Value::from(attribution)),
        ])
    }
}
