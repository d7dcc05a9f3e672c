//! Staged rows, until they replace others or are dropped.

use async_trait::async_trait;

use super::{
    BigQuery,
    jobs::{Labels, Work},
    names::Table,
    sql,
};
use crate::warehouse::{QueryStats, Replaced, Scope, Staged, WarehouseError};

/// A table of staged rows, dropped with this.
pub(super) struct Staging {
    of: BigQuery,
    table: Option<Table>,
    named: Table,
}

impl Staging {
    pub(super) fn new(of: &BigQuery, table: Table) -> Self {
        Self { of: of.clone(), table: Some(table.clone()), named: table }
    }

    pub(super) fn table(&self) -> &Table {
        &self.named
    }

    /// Drops the table now. What fails of that, the table's expiration does later.
    pub(super) async fn discard(mut self) {
        if let Some(table) = self.table.take() {
            drop_staged(&self.of, &table).await;
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let Some(table) = self.table.take() else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let of = self.of.clone();
            runtime.spawn(async move { drop_staged(&of, &table).await });
        }
    }
}

async fn drop_staged(of: &BigQuery, table: &Table) {
    if let Err(error) = of.drop_table(table).await {
        let cause = format!("{:#}", anyhow::Error::from(error));
        tracing::warn!(table = table.name, cause, "staged rows were not dropped, they will expire");
    }
}

/// Rows that wait for the scope they replace.
pub(super) struct Load {
    target: Table,
    staging: Staging,
    columns: Vec<String>,
    labels: Labels,
    rows: u64,
    stats: QueryStats,
}

impl Load {
    /// Nothing yet, of rows with these columns.
    pub(super) fn new(
        target: Table,
        staging: Staging,
        columns: Vec<String>,
        labels: Labels,
    ) -> Self {
        Self { target, staging, columns, labels, rows: 0, stats: QueryStats::default() }
    }

    /// With rows in it.
    pub(super) fn with(self, rows: u64, stats: QueryStats) -> Self {
        Self { rows, stats, ..self }
    }

    async fn merge(&self, scope: &Scope, id: String) -> Result<Replaced, WarehouseError> {
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let statement = sql::replace(&self.target, self.staging.table(), &columns, scope)?;
        let of = &self.staging.of;
        let (labels, rows) = (self.labels.clone(), 0);
        let ended = of.run_once(&Work { id, statement, dataset: None, labels, rows }).await?;
        let (deleted, affected) = ended.changed();
        let deleted = deleted.unwrap_or_else(|| affected.saturating_sub(self.rows));
        Ok(Replaced { inserted: self.rows, deleted })
    }
}

#[async_trait]
impl Staged for Load {
    fn rows(&self) -> u64 {
        self.rows
    }

    fn stats(&self) -> QueryStats {
        self.stats.clone()
    }

    async fn replace(self: Box<Self>, scope: &Scope) -> Result<Replaced, WarehouseError> {
        let id = format!("replace-{}", self.staging.of.0.ids.new_id());
        self.replace_as(scope, &id).await
    }

    async fn replace_as(
        self: Box<Self>,
        scope: &Scope,
        job: &str,
    ) -> Result<Replaced, WarehouseError> {
        let replaced = self.merge(scope, job.to_owned()).await;
        self.staging.discard().await;
        replaced
    }
}
