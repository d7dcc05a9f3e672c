//! What a step can do: one processor per file, all of them in one list.

mod extract;
mod focus;
mod gcp_billing;
mod llm_costs;
mod llm_usage;
mod quality;
mod reconciles;
mod rollup;
pub mod rules;
mod saas_subscriptions;
mod transform;

pub use self::{
    extract::Extract,
    focus::Focus,
    gcp_billing::GcpBilling,
    llm_costs::LlmCosts,
    llm_usage::LlmUsage,
    quality::{Quality, Rule},
    reconciles::Reconciles,
    rollup::Rollup,
    saas_subscriptions::SaasSubscriptions,
    transform::Transform,
};
use super::{
    config::{At, Fields, Problems},
    engine::{Range, Replacing, StepContext, StepError},
    plan::Check,
};
use crate::{llm, runs::StepStatus};

/// A processor with its settings.
#[derive(Debug, Clone)]
pub enum Processor {
    /// A file, as it is, into a raw table.
    Extract(Extract),
    /// A FOCUS file into FOCUS rows.
    Focus(Focus),
    /// A Google Cloud Billing export into its raw table.
    GcpBilling(GcpBilling),
    /// What an LLM source bills into its raw table.
    LlmCosts(LlmCosts),
    /// What was consumed of an LLM source into its raw table.
    LlmUsage(LlmUsage),
    /// A PRQL query over the organization's tables into one of them.
    Transform(Transform),
    /// Rules that the rows keep, or not.
    Quality(Quality),
    /// FOCUS rows into daily sums.
    Rollup(Rollup),
    /// The lines of SaaS subscriptions as FOCUS rows.
    SaasSubscriptions(SaasSubscriptions),
}

impl Processor {
    /// What a step's `processor` may say.
    pub const NAMES: [&str; 9] = [
        "extract",
        "focus",
        "gcp.billing",
        "llm.costs",
        "llm.usage",
        "transform",
        "quality",
        "rollup",
        "saas.subscriptions",
    ];

    /// Reads the settings that are left in a step.
    pub(super) fn read(
        name: &At<String>,
        mut fields: Fields,
        problems: &mut Problems,
    ) -> Option<Self> {
        let read = match name.value.as_str() {
            "extract" => Extract::read(&mut fields, problems).map(Self::Extract),
            "focus" => Focus::read(&mut fields, problems).map(Self::Focus),
            "gcp.billing" => GcpBilling::read(&mut fields, problems).map(Self::GcpBilling),
            "llm.costs" => LlmCosts::read(&mut fields, problems).map(Self::LlmCosts),
            "llm.usage" => LlmUsage::read(&mut fields, problems).map(Self::LlmUsage),
            "transform" => Transform::read(&mut fields, problems).map(Self::Transform),
            "quality" => Quality::read(&mut fields, problems).map(Self::Quality),
            "rollup" => Rollup::read(&mut fields, problems).map(Self::Rollup),
            "saas.subscriptions" => {
                SaasSubscriptions::read(&mut fields, problems).map(Self::SaasSubscriptions)
            }
            other => {
                let known = Self::NAMES.map(|name| format!("`{name}`")).join(", ");
                problems
                    .add(name.line, format!("there is no processor `{other}`; there are {known}"));
                return None;
            }
        };
        fields.finish(problems);
        read
    }

    /// What it is called in a step.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Extract(_) => "extract",
            Self::Focus(_) => "focus",
            Self::GcpBilling(_) => "gcp.billing",
            Self::LlmCosts(_) => "llm.costs",
            Self::LlmUsage(_) => "llm.usage",
            Self::Transform(_) => "transform",
            Self::Quality(_) => "quality",
            Self::Rollup(_) => "rollup",
            Self::SaasSubscriptions(_) => "saas.subscriptions",
        }
    }

    /// Checks what needs to know more than the step itself.
    pub(super) fn check(&self, check: &mut Check<'_>) {
        match self {
            Self::Extract(it) => it.check(check),
            Self::Focus(it) => it.check(check),
            Self::GcpBilling(it) => it.check(check),
            Self::LlmCosts(it) => it.check(check),
            Self::LlmUsage(it) => it.check(check),
            Self::Transform(it) => it.check(check),
            Self::Quality(it) => it.check(check),
            Self::Rollup(it) => it.check(check),
            Self::SaasSubscriptions(it) => it.check(check),
        }
    }

    /// The table it writes.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::Extract(Extract { into, .. })
            | Self::Focus(Focus { into })
            | Self::GcpBilling(GcpBilling { into })
            | Self::LlmCosts(LlmCosts { into })
            | Self::LlmUsage(LlmUsage { into })
            | Self::Transform(Transform { into, .. })
            | Self::Rollup(Rollup { into, .. })
            | Self::SaasSubscriptions(SaasSubscriptions { into }) => Some(&into.value),
            Self::Quality(_) => None,
        }
    }

    /// Whether it reads the request's file.
    #[must_use]
    pub fn reads_input(&self) -> bool {
        matches!(self, Self::Extract(_) | Self::Focus(_) | Self::GcpBilling(_))
    }
}

impl Processor {
    /// Does the work of a step.
    ///
    /// # Errors
    ///
    /// Says whether trying again may help.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        match self {
            Self::Extract(it) => it.run(context).await,
            Self::Focus(it) => it.run(context).await,
            Self::GcpBilling(it) => it.run(context).await,
            Self::LlmCosts(it) => it.run(context).await,
            Self::LlmUsage(it) => it.run(context).await,
            Self::Transform(it) => it.run(context).await,
            Self::Quality(it) => it.run(context).await,
            Self::Rollup(it) => it.run(context).await,
            Self::SaasSubscriptions(it) => it.run(context).await,
        }
    }
}

/// The table must be that of all LLM sources, and the pipeline's provider one of them.
fn llm_table(check: &mut Check<'_>, into: &At<String>, table: &str) {
    check.table(into);
    if into.value != table {
        check.problem(into.line, format!("these rows go into `{table}`, not `{}`", into.value));
    }
    let provider = check.folder.split('/').next().unwrap_or_default();
    if llm::source(provider).is_none() {
        check.problem(into.line, format!("`{provider}` is no LLM source"));
    }
}

/// The LLM source of a run.
fn llm_source(context: &StepContext<'_>) -> Result<&'static dyn llm::Source, StepError> {
    let provider = &context.job.plan.provider;
    llm::source(provider)
        .ok_or_else(|| StepError::Internal(anyhow::anyhow!("`{provider}` is no LLM source")))
}

/// Replaces what the steps before touched by what a query now says of it.
async fn recompute(
    context: &StepContext<'_>,
    table: &str,
    name: &'static str,
    text: &str,
) -> Result<StepStatus, StepError> {
    let Some(range) = Range::covering(&context.touched_before()) else {
        return Ok(StepStatus::Skipped);
    };
    let fence = context.begin(table).await?;
    let query = context.query(name, text, &range)?;
    let dataset = context.job.dataset();
    let staged = context.engine.warehouse.stage_query(&dataset, &query, table).await?;
    context.meter().add_rows(staged.rows());
    context.replace(fence, staged, Replacing { parts: range.parts, ..Replacing::default() }).await
}
