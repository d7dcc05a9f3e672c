//! Asks the warehouse, and keeps the answers.

use std::{fmt, sync::Arc};

use arrow::array::RecordBatch;
use bytes::Bytes;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    Columns, DayRange, Reconciliation,
    cache::{Answers, data_version},
    source::{Question, ROWS},
};
use crate::{
    Result,
    clock::Clock,
    entities::Organization,
    focus::Model,
    org::OrgSlug,
    rates::ShippedRates,
    store::Store,
    warehouse::{Dataset, Warehouse},
};

/// What the routes of costs need.
pub struct Costs {
    pub(super) warehouse: Arc<dyn Warehouse>,
    pub(super) store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    pub(super) reconciliations: Vec<Reconciliation>,
    columns: Columns,
    answers: Answers,
    pub(super) rates: ShippedRates,
}

impl fmt::Debug for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Costs").finish_non_exhaustive()
    }
}

impl Costs {
    /// Over these backends.
    #[must_use]
    pub fn new(
        warehouse: Arc<dyn Warehouse>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        (model, rates): (Arc<Model>, ShippedRates),
    ) -> Self {
        let (columns, answers) = (Columns::new(model), Answers::new());
        let reconciliations = Vec::new();
        Self { warehouse, store, clock, reconciliations, columns, answers, rates }
    }

    /// Where providers' own totals are.
    #[must_use]
    pub fn reconciling(mut self, reconciliations: Vec<Reconciliation>) -> Self {
        self.reconciliations = reconciliations;
        self
    }

    /// The columns that callers may name.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The month that it is for an organization.
    ///
    /// # Errors
    ///
    /// Fails where its timezone is none, which onboarding refuses.
    pub fn this_month(&self, organization: &Organization) -> Result<DayRange> {
        let timezone = TimeZone::get(&organization.timezone).map_err(anyhow::Error::from)?;
        Ok(DayRange::month_of(self.now(), &timezone))
    }

    /// The version of an organization's data.
    pub(super) async fn version(&self, org: &OrgSlug) -> Result<String> {
        Ok(data_version(self.store.as_ref(), org).await?)
    }

    /// The answer to a question as JSON: the one that is kept, if the data is as it was then.
    pub(super) async fn kept<A: Serialize>(
        &self,
        org: &OrgSlug,
        version: &str,
        question: &(impl Serialize + Sync),
        ask: impl Future<Output = Result<A>>,
    ) -> Result<Bytes> {
        let question = serde_json::to_string(question).map_err(anyhow::Error::from)?;
        let key = format!("{}\n{version}\n{question}", org.key());
        if let Some(answer) = self.answers.get(&key).await {
            return Ok(answer);
        }
        let answer = ask.await?;
        let answer = Bytes::from(serde_json::to_vec(&answer).map_err(anyhow::Error::from)?);
        self.answers.put(key, Bytes::clone(&answer)).await;
        Ok(answer)
    }

    /// The rows that a question has. An organization without any import has none.
    pub(super) async fn ask(&self, org: &OrgSlug, question: &Question) -> Result<Vec<RecordBatch>> {
        let dataset = Dataset::Org(org.clone());
        if !self.has(&dataset, question.table).await? {
            return Ok(Vec::new());
        }
        Ok(self.warehouse.query(&dataset, &question.query).await?.batches)
    }

    /// Whether a table is there: the view of all rows is made with the first of its tables.
    pub(super) async fn has(&self, dataset: &Dataset, table: &str) -> Result<bool> {
        if table != ROWS {
            return Ok(true);
        }
        let tables = self.warehouse.describe(dataset).await?;
        Ok(tables.keys().any(|name| name.starts_with("focus_")))
    }
}
