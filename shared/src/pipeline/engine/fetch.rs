//! How steps that ask a provider load what it answers: the part of a table that was asked for is
//! replaced, whatever came.

use std::{ops::Range, pin::pin, sync::Arc};

use jiff::civil::Date;

use super::{
    Pages, Replacing, StepContext, StepError, Watched,
    answer::counted,
    bridge::{Pump, bridge},
};
use crate::{
    fences::Ticket,
    runs::{Severity, StepStatus},
    warehouse::{ScopePart, Staged},
};

impl StepContext<'_> {
    /// The days that the run covers, the end not included.
    ///
    /// # Errors
    ///
    /// Fails where it covers none, which checks before it should have seen.
    pub fn days(&self) -> Result<Range<Date>, StepError> {
        let missing = || StepError::failed("days_missing", "this pipeline needs days");
        let window = self.job.window.ok_or_else(missing)?;
        Ok(window.start..window.end.tomorrow().unwrap_or(window.end))
    }

    /// Loads what `pages` give and replaces exactly `parts` by it: days that nothing came for are
    /// emptied, and rows of other days are left out and told of. Pages are fetched while those
    /// before them are loaded.
    ///
    /// # Errors
    ///
    /// As the pages and the warehouse; nothing is replaced then.
    pub async fn fetch(
        &self,
        ticket: Ticket,
        parts: Vec<ScopePart>,
        pages: impl Pages,
    ) -> Result<StepStatus, StepError> {
        let job = self.job;
        let (pump, bridge) = bridge(pages);
        let watched = Watched::new(Arc::new(bridge), self.meter(), job.cut.clone(), &job.months);
        let watched = Arc::new(watched.within(&parts));
        let staged = self.pump(pump, &watched).await?;
        let touched = watched.touched();
        if touched.left_out > 0 {
            let message = format!("{} of other days than asked for", counted(touched.left_out));
            self.find(Severity::Notice, "other_days", touched.left_out, message);
        }
        if touched.is_empty() {
            let message = "the provider has nothing for these days";
            self.find(Severity::Warning, "no_rows", 0, message);
        }
        let spans = touched.spans();
        self.replace(ticket, staged, Replacing { parts, spans, sha256: None }).await
    }

    /// Fetches and loads side by side. What stopped the fetching is told rather than what the
    /// loader made of it.
    async fn pump<P: Pages>(
        &self,
        pump: Pump<P>,
        watched: &Arc<Watched>,
    ) -> Result<Box<dyn Staged>, StepError> {
        let meter = self.meter();
        let constants = [
            ("x_source_id", self.job.source.as_str().to_owned()),
            ("x_run_id", self.job.run_id.to_string()),
        ];
        let table = self.step().processor.table().unwrap_or_default();
        let (dataset, rows) = (self.job.dataset(), watched.clone());
        let mut staging = pin!(self.engine.warehouse.stage(&dataset, table, rows, &constants));
        let mut fetching = pin!(pump.run(|bytes| meter.set_bytes(bytes)));
        let staged = tokio::select! {
            staged = &mut staging => staged,
            fetched = &mut fetching => {
                let staged = staging.await;
                fetched?;
                staged
            }
        };
        Ok(staged?)
    }
}
