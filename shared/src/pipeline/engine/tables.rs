//! The tables that steps write: made, or completed, before the first row goes in.

use std::{collections::HashSet, sync::Mutex, sync::PoisonError};

use super::{StepContext, StepError};
use crate::{costs, org::OrgSlug, pipeline::plan::is_focus};

/// The tables that this process has made sure of, so that a run does not ask again.
#[derive(Debug, Default)]
pub struct Sure(Mutex<HashSet<(OrgSlug, String)>>);

impl Sure {
    fn has(&self, org: &OrgSlug, table: &str) -> bool {
        self.lock().contains(&(org.clone(), table.to_owned()))
    }

    fn add(&self, org: &OrgSlug, table: &str) {
        self.lock().insert((org.clone(), table.to_owned()));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<(OrgSlug, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StepContext<'_> {
    /// Makes the table, or adds the columns it lacks; a new `focus_*` joins the view `costs`.
    ///
    /// # Errors
    ///
    /// As the warehouse.
    pub async fn ensure_table(&self, table: &str) -> Result<(), StepError> {
        let (engine, org) = (self.engine, &self.job.org);
        if engine.sure.has(org, table) {
            return Ok(());
        }
        let unknown = || StepError::Internal(anyhow::anyhow!("no schema of table `{table}`"));
        let schema = engine.tables.get(table).ok_or_else(unknown)?;
        let dataset = self.job.dataset();
        engine.warehouse.apply_table(&dataset, &schema).await?;
        if is_focus(table) {
            // Not only when the table is new: a crash may have come between the two.
            let tables = engine.warehouse.describe(&dataset).await?;
            let focus = tables.into_keys().filter(|name| is_focus(name));
            let view = costs::view::schema(focus, &schema.fields);
            engine.warehouse.apply_view(&dataset, &view).await?;
        }
        engine.sure.add(org, table);
        Ok(())
    }
}
