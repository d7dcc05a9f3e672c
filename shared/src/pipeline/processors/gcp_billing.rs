//! `gcp.billing`: a file of a Google Cloud Billing export into its raw table.

use std::path::Path;

use crate::{
    gcp::billing,
    pipeline::{
        config::{At, Fields, Problems},
        engine::{Replaces, StepContext, StepError},
        plan::Check,
    },
    runs::StepStatus,
};

/// The table whose columns the export's fields become.
const TABLE: &str = "gcp_billing_raw";

/// The settings of `gcp.billing`.
#[derive(Debug, Clone)]
pub struct GcpBilling {
    /// The raw table.
    pub into: At<String>,
}

impl GcpBilling {
    pub(super) fn read(fields: &mut Fields, problems: &mut Problems) -> Option<Self> {
        Some(Self { into: fields.text("into", problems)? })
    }

    pub(super) fn check(&self, check: &mut Check<'_>) {
        check.table(&self.into);
        if self.into.value != TABLE {
            let message = format!("billing rows go into `{TABLE}`, not `{}`", self.into.value);
            check.problem(self.into.line, message);
        }
    }

    /// Loads the file, flattened. It says all there is of each usage day that it has rows of,
    /// within an invoice month.
    pub(super) async fn run(&self, context: &StepContext<'_>) -> Result<StepStatus, StepError> {
        let table = context.engine.tables.get(&self.into.value);
        let schema = table.ok_or_else(|| anyhow::anyhow!("no schema of `{}`", self.into.value))?;
        let now = context.engine.clock.now();
        let open = move |path: &Path| billing::open(path, &schema, now);
        context.read_file(Replaces::Days, open).await
    }
}
