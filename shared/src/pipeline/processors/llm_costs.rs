//! `llm.costs`: what an LLM source bills for the days of a run, into its raw table.

use super::llm_table;
use crate::{
    llm::{self, Asking, Costs, Told},
    pipeline::{
        config::{At, Fields, Problems},
        engine::{StepContext, StepError},
        plan::Check,
    },
    runs::{Severity, StepStatus},
    warehouse::ScopePart,
};

/// The table that the bills of all LLM sources are kept in.
const TABLE: &str = "llm_costs_raw";

/// The settings of `llm.costs`.
#[derive(Debug, Clone)]
pub struct LlmCosts {
    /// The raw table.
    pub into: At<String>,
}

impl LlmCosts {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        Some(Self { into: fields.text("into", problems)? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        llm_table(check, &self.into, TABLE);
    }

    /// Replaces the days of the run by what the provider now says of them.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let days = context.days()?;
        let source = super::llm_source(context)?;
        let (asking, fields) = Asking::of(context, source).await?;
        let ticket = context.begin(&self.into.value).await?;
        let account = fields.get("organization_id").unwrap_or(context.job.source.as_str());
        let now = context.engine.clock.now();
        let (costs, told) = Costs::new(asking, account, days.clone(), now)?;
        let parts = vec![ScopePart { month: None, days: Some(days) }];
        let status = context.fetch(ticket, parts, costs).await?;
        tell(context, &told.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        Ok(status)
    }
}

fn tell(context: &StepContext<'_>, told: &Told) {
    if told.rounded > 0 {
        let message = "amounts had digits beyond the 18th after the point, which were rounded, half \
                       to even";
        context.find(Severity::Notice, "decimals_rounded", told.rounded, message);
    }
    for (day, currency, lacks) in &told.unattributed {
        let message = format!(
            "the provider's own sum of {day} has {lacks} {currency} that none of its lines has; \
             kept as `{}`",
            llm::UNATTRIBUTED
        );
        context.find(Severity::Warning, "unattributed", 1, message);
    }
}
