//! `llm.usage`: what was consumed of an LLM source on the days of a run, into its raw table.

use super::llm_table;
use crate::{
    llm::{Asking, Usages},
    pipeline::{
        config::{At, Fields, Problems},
        engine::{StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
    warehouse::ScopePart,
};

/// The table that the usage of all LLM sources is kept in.
const TABLE: &str = "llm_usage_raw";

/// The settings of `llm.usage`.
#[derive(Debug, Clone)]
pub struct LlmUsage {
    /// The raw table.
    pub into: At<String>,
}

impl LlmUsage {
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
        let (asking, _) = Asking::of(context, source).await?;
        let ticket = context.begin(&self.into.value).await?;
        let usages = Usages::new(asking, &days, context.engine.clock.now())?;
        let parts = vec![ScopePart { month: None, days: Some(days) }];
        context.fetch(ticket, parts, usages).await
    }
}
