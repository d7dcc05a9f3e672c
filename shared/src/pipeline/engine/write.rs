//! How every step makes its rows visible: behind a fence, one writer at a time, and told to those
//! who keep answers.

use super::{StepContext, StepError};
use crate::{
    fences::{Inputs, May, Ticket, bump_data_version},
    runs::{Severity, StepStatus},
    warehouse::{Scope, ScopePart, Staged},
};

impl StepContext<'_> {
    /// Begins to read for a table: makes sure of it, and takes a number.
    ///
    /// # Errors
    ///
    /// As the warehouse and the store.
    pub async fn begin(&self, table: &str) -> Result<Ticket, StepError> {
        self.ensure_table(table).await?;
        Ok(self.engine.fences.begin(&self.job.org, table, &self.job.source).await?)
    }

    /// Replaces what `parts` say by the staged rows, unless somebody who began later was there.
    ///
    /// # Errors
    ///
    /// `scope_conflict` where months hold rows of another file, unless the run may take them.
    pub async fn replace(
        &self,
        ticket: Ticket,
        staged: Box<dyn Staged>,
        parts: Vec<ScopePart>,
        sha256: Option<&str>,
    ) -> Result<StepStatus, StepError> {
        let table = self.step().processor.table().unwrap_or_default();
        let scope = Scope { source: self.job.source.clone(), parts };
        let writer = self.engine.fences.writer(&self.job.org, table).await?;
        let outcome = self.replace_as_writer(&ticket, staged, &scope, sha256).await;
        writer.done().await;
        outcome
    }

    async fn replace_as_writer(
        &self,
        ticket: &Ticket,
        staged: Box<dyn Staged>,
        scope: &Scope,
        sha256: Option<&str>,
    ) -> Result<StepStatus, StepError> {
        let fences = &self.engine.fences;
        let months = (!self.job.force).then_some(self.job.months.as_slice());
        let input = sha256.map(|sha256| Inputs { sha256, may_take: months });
        match fences.may_replace(ticket, scope, input.as_ref()).await? {
            May::Yes => {}
            May::Superseded => return Ok(self.superseded()),
            May::OtherInput(months) => return Err(conflict(&months)),
        }
        if self.job.cut.reason().is_some() {
            return Err(StepError::Cut);
        }
        fences.widen(ticket, scope).await?;
        let replaced = staged.replace(scope).await?;
        fences.merged(ticket, scope, input.as_ref()).await?;
        bump_data_version(fences, &self.job.org).await?;
        self.job.board.record(self.at, |step| {
            step.rows = replaced.inserted;
            step.replaced_rows = replaced.deleted;
            step.touched.clone_from(&scope.parts);
        });
        Ok(StepStatus::Completed)
    }

    fn superseded(&self) -> StepStatus {
        let message = "a run that began later has replaced these days already; nothing was written";
        self.find(Severity::Notice, "superseded", 0, message);
        StepStatus::Skipped
    }
}

fn conflict(months: &[jiff::civil::Date]) -> StepError {
    let months: Vec<_> = months.iter().map(|month| month.strftime("%Y-%m").to_string()).collect();
    let months = months.join(", ");
    StepError::failed(
        "scope_conflict",
        format!(
            "{months} already hold rows of another file, which this one would replace; \
             send `months` to choose which may be replaced, or `force` for all"
        ),
    )
}
