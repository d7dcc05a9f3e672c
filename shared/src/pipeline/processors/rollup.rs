//! `rollup`: FOCUS rows into the daily sums that dashboards read.

use crate::{
    pipeline::{
        config::{At, Fields, Problems},
        engine::{StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
};

/// The settings of `rollup`.
#[derive(Debug, Clone)]
pub struct Rollup {
    /// The table of FOCUS rows.
    pub from: At<String>,
    /// The table of sums.
    pub into: At<String>,
}

impl Rollup {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        let from = fields.text("from", problems);
        let into = fields.text("into", problems);
        Some(Self { from: from?, into: into? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.focus_table(&self.from);
        check.table(&self.into);
        if self.into.value != "costs_daily" {
            let message = format!("a rollup goes into `costs_daily`, not `{}`", self.into.value);
            check.problem(self.into.line, message);
        }
    }
}

impl Rollup {
    /// Sums again what the steps before touched, and replaces exactly that.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let text = crate::costs::rollup::prql(&self.from.value);
        super::recompute(context, &self.into.value, "rollup", &text).await
    }
}
