//! How every step makes its rows visible: behind a fence, one writer at a time, and told to those
//! who keep answers.

use std::time::Duration;

use futures::future::BoxFuture;

use super::{StepContext, StepError};
use crate::{
    fences::{HELD, Inputs, May, Spans, Ticket, Writer, bump_data_version},
    runs::{Severity, StepStatus},
    warehouse::{Replaced, Scope, ScopePart, Staged, WarehouseError},
};

/// How often a writer that waits for its job renews its hold.
const RENEWED: Duration = Duration::from_secs(HELD.as_secs().unsigned_abs() / 3);

/// What staged rows replace.
#[derive(Debug, Default)]
pub struct Replacing<'a> {
    /// Months and days of the job's source.
    pub parts: Vec<ScopePart>,
    /// The days that the rows of each month are of, where that is known.
    pub spans: Spans,
    /// The hash of the file that they come from.
    pub sha256: Option<&'a str>,
}

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
        replacing: Replacing<'_>,
    ) -> Result<StepStatus, StepError> {
        let table = self.step().processor.table().unwrap_or_default();
        let mut writer = self.engine.fences.writer(&self.job.org, table).await?;
        let outcome = self.replace_as_writer(&mut writer, &ticket, staged, &replacing).await;
        // A job that may still be at work is settled, by the next writer if need be.
        let open = matches!(outcome, Err(StepError::MayPass(_)));
        if !open || self.settle(&mut writer, &ticket).await.is_ok() {
            writer.done().await;
        }
        outcome
    }

    async fn replace_as_writer(
        &self,
        writer: &mut Writer,
        ticket: &Ticket,
        staged: Box<dyn Staged>,
        replacing: &Replacing<'_>,
    ) -> Result<StepStatus, StepError> {
        let fences = &self.engine.fences;
        self.settle(writer, ticket).await?;
        let scope = Scope { source: self.job.source.clone(), parts: replacing.parts.clone() };
        let months = (!self.job.force).then_some(self.job.months.as_slice());
        let input = replacing.sha256.map(|sha256| Inputs { sha256, may_take: months });
        match fences.may_replace(ticket, &scope, input.as_ref()).await? {
            May::Yes => {}
            May::Superseded => return Ok(self.superseded()),
            May::OtherInput(months) => return Err(conflict(&months)),
        }
        if self.job.cut.reason().is_some() {
            return Err(StepError::Cut);
        }
        let bounded = fences.bound(ticket, &scope, &replacing.spans).await?;
        let job = format!("replace-{}-{}", self.job.run_id, self.tried());
        fences.announce(writer, &job, (ticket, &scope), input.as_ref()).await?;
        let replaced = self.while_held(writer, staged.replace_as(&bounded, &job)).await?;
        fences.merged(ticket, &scope, input.as_ref()).await?;
        bump_data_version(fences, &self.job.org).await?;
        self.job.board.record(self.at, |step| {
            step.rows = replaced.inserted;
            step.replaced_rows = replaced.deleted;
            step.touched = bounded.parts;
        });
        Ok(StepStatus::Completed)
    }

    async fn settle(&self, writer: &mut Writer, ticket: &Ticket) -> Result<(), StepError> {
        self.engine.fences.settle(writer, ticket, &*self.engine.warehouse).await
    }

    /// Waits for a replace, and stays the writer meanwhile.
    async fn while_held(
        &self,
        writer: &mut Writer,
        mut replace: BoxFuture<'_, Result<Replaced, WarehouseError>>,
    ) -> Result<Replaced, StepError> {
        loop {
            tokio::select! {
                replaced = &mut replace => return Ok(replaced?),
                () = tokio::time::sleep(RENEWED) => writer.renew(self.engine.clock.now()).await?,
            }
        }
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
