//! What a step can do: one processor per file, all of them in one list.

mod extract;
mod focus;
mod gcp_billing;
mod quality;
mod reconciles;
mod rollup;
pub mod rules;
mod transform;

pub use self::{
    extract::Extract,
    focus::Focus,
    gcp_billing::GcpBilling,
    quality::{Quality, Rule},
    reconciles::Reconciles,
    rollup::Rollup,
    transform::Transform,
};
use super::{
    config::{At, Fields, Problems},
    engine::{Range, Replacing, StepContext, StepError},
    plan::Check,
};
use crate::runs::StepStatus;

/// A processor with its settings.
#[derive(Debug, Clone)]
pub enum Processor {
    /// A file, as it is, into a raw table.
    Extract(Extract),
    /// A FOCUS file into FOCUS rows.
    Focus(Focus),
    /// A Google Cloud Billing export into its raw table.
    GcpBilling(GcpBilling),
    /// A PRQL query over the organization's tables into one of them.
    Transform(Transform),
    /// Rules that the rows keep, or not.
    Quality(Quality),
    /// FOCUS rows into daily sums.
    Rollup(Rollup),
}

impl Processor {
    /// What a step's `processor` may say.
    pub const NAMES: [&str; 6] =
        ["extract", "focus", "gcp.billing", "transform", "quality", "rollup"];

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
            "transform" => Transform::read(&mut fields, problems).map(Self::Transform),
            "quality" => Quality::read(&mut fields, problems).map(Self::Quality),
            "rollup" => Rollup::read(&mut fields, problems).map(Self::Rollup),
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
            Self::Transform(_) => "transform",
            Self::Quality(_) => "quality",
            Self::Rollup(_) => "rollup",
        }
    }

    /// Checks what needs to know more than the step itself.
    pub(super) fn check(&self, check: &mut Check<'_>) {
        match self {
            Self::Extract(it) => it.check(check),
            Self::Focus(it) => it.check(check),
            Self::GcpBilling(it) => it.check(check),
            Self::Transform(it) => it.check(check),
            Self::Quality(it) => it.check(check),
            Self::Rollup(it) => it.check(check),
        }
    }

    /// The table it writes.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::Extract(Extract { into, .. })
            | Self::Focus(Focus { into })
            | Self::GcpBilling(GcpBilling { into })
            | Self::Transform(Transform { into, .. })
            | Self::Rollup(Rollup { into, .. }) => Some(&into.value),
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
            Self::Transform(it) => it.run(context).await,
            Self::Quality(it) => it.run(context).await,
            Self::Rollup(it) => it.run(context).await,
        }
    }
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
