//! `transform`: a PRQL query over the organization's tables into one of them.

use crate::{
    pipeline::{
        config::{At, Fields, Problems},
        engine::{StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
};

/// The settings of `transform`.
#[derive(Debug, Clone)]
pub struct Transform {
    /// The query's file, beside the pipeline's; or below `configs/`, with a slash before it.
    pub prql: At<String>,
    /// The table its rows go to.
    pub into: At<String>,
}

impl Transform {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let prql = fields.text("prql", problems);
        let into = fields.text("into", problems);
        Some(Self { prql: prql?, into: into? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.table(&self.into);
        check.query(&self.prql);
    }
}

impl Transform {
    /// Computes again what the steps before touched, and replaces exactly that.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let text = context.step().prql.as_deref().unwrap_or_default();
        super::recompute(context, &self.into.value, "transform", text).await
    }
}
