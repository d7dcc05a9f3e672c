//! How steps that read files load what they read.

use std::sync::Arc;

use super::{Replacing, StepContext, StepError, Watched, answer::counted};
use crate::{
    fences::Ticket,
    runs::{Severity, StepStatus},
    warehouse::{Batches, ScopePart},
};

use super::Touched;

/// Which part of a table a file replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaces {
    /// The whole of every billing month that it has rows of.
    Months,
    /// The usage days that it has rows of, within their billing months.
    Days,
}

impl Replaces {
    fn parts(self, touched: &Touched) -> Vec<ScopePart> {
        match self {
            Self::Months => touched.months(),
            Self::Days => touched.days(),
        }
    }
}

impl StepContext<'_> {
    /// Loads the rows of a file and replaces the part of the table that they are of.
    ///
    /// # Errors
    ///
    /// As the warehouse, where the file cannot be read, and `scope_conflict`.
    pub async fn load(
        &self,
        ticket: Ticket,
        rows: Arc<dyn Batches>,
        constants: &[(&str, String)],
        replaces: Replaces,
    ) -> Result<StepStatus, StepError> {
        let job = self.job;
        let watched = Watched::new(rows, self.meter(), job.cut.clone(), &job.months);
        let watched = Arc::new(watched);
        let mut all = vec![
            ("x_source_id", job.source.as_str().to_owned()),
            ("x_run_id", job.run_id.to_string()),
        ];
        all.extend_from_slice(constants);
        let table = self.step().processor.table().unwrap_or_default();
        let warehouse = &self.engine.warehouse;
        let staged = warehouse.stage(&job.dataset(), table, watched.clone(), &all).await?;
        let sha256 = self.input()?.sha256().await?;
        job.board.input_is(&sha256);
        let touched = watched.touched();
        if touched.left_out > 0 {
            let message = format!("{} of other months than asked for", counted(touched.left_out));
            self.find(Severity::Notice, "other_months", touched.left_out, message);
        }
        if touched.is_empty() {
            let message = "the file has no row that can be used; nothing was replaced";
            self.find(Severity::Warning, "no_rows", 0, message);
            return Ok(StepStatus::Completed);
        }
        let (parts, spans) = (replaces.parts(&touched), touched.spans());
        self.replace(ticket, staged, Replacing { parts, spans, sha256: Some(&sha256) }).await
    }
}
