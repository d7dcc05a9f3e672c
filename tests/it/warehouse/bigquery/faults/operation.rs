//! Everything that the backend does, one thing at a time.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::ensure;
use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use convergence::{
    org::OrgSlug,
    testing::lines,
    warehouse::{
        Dataset, Fixed, Query, Scope, SourceId, TableSchema, ViewSchema, Warehouse as _,
        bigquery::BigQuery,
    },
};
use futures::TryStreamExt as _;
use integration_tests::{
    emulators::{self, needed},
    faults::Faults,
};
use jiff::civil::date;
use serde_json::json;

use super::super::place::{open, settings};

/// More rows than come with a job: they are read as Arrow.
const MANY: i64 = 10_001;

/// What the backend is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operation {
    Make,
    Labels,
    Describe,
    Create,
    Grow,
    View,
    Append,
    Replace,
    Materialize,
    Ask,
    Stream,
    Estimate,
    Spoil,
    SpoilDone,
    Drop,
    Ping,
}

impl Operation {
    pub(super) const ALL: [Self; 16] = [
        Self::Make,
        Self::Labels,
        Self::Describe,
        Self::View,
        // Each makes tables, all of which those before look at.
        Self::Create,
        Self::Grow,
        Self::Append,
        Self::Replace,
        Self::Materialize,
        Self::Ask,
        Self::Stream,
        Self::Estimate,
        Self::Spoil,
        Self::SpoilDone,
        Self::Drop,
        Self::Ping,
    ];
}

/// A project behind a proxy that fails on purpose, and the way beside it.
pub(super) struct World {
    pub(super) warehouse: BigQuery,
    pub(super) calm: BigQuery,
    pub(super) faults: Faults,
    url: String,
}

impl World {
    /// With a dataset of Acme's that has rows of two sources, and more of a third than come at once.
    pub(super) async fn new() -> Option<Self> {
        let emulator = needed(emulators::bigquery().await)?;
        let faults = Faults::before_both(emulator.host(), emulator.grpc()).await;
        let url = format!("bigquery://{}?location=US", emulators::project());
        let warehouse = open(&settings(&url, faults.host(), faults.host()));
        let calm = open(&settings(&url, emulator.host(), emulator.grpc()));
        calm.create_dataset(&acme(), &BTreeMap::new()).await.unwrap();
        for (table, rows) in [("charges", 3), ("many", MANY)] {
            calm.apply_table(&acme(), &schema(table, &[])).await.unwrap();
            replace(&calm, table, rows).await.unwrap();
        }
        calm.append(&acme(), "charges", batch("aws/b", 1)).await.unwrap();
        Some(Self { warehouse, calm, faults, url })
    }

    /// Begins anew, with a client that remembers nothing and a proxy that lets everything through.
    pub(super) fn begin(&mut self) {
        self.faults.clear();
        self.warehouse = open(&settings(&self.url, self.faults.host(), self.faults.host()));
    }

    /// Does it, and looks at what came of it. No two rounds have the same names.
    pub(super) async fn does(&self, operation: Operation, round: &str) -> anyhow::Result<()> {
        match operation {
            Operation::Make | Operation::Labels | Operation::Drop | Operation::Ping => {
                self.datasets(operation, round).await
            }
            Operation::Describe | Operation::Create | Operation::Grow | Operation::View => {
                self.tables(operation, round).await
            }
            Operation::Append | Operation::Replace | Operation::Materialize => {
                self.rows(operation, round).await
            }
            Operation::Ask | Operation::Stream | Operation::Estimate => {
                self.questions(operation).await
            }
            Operation::Spoil | Operation::SpoilDone => self.jobs(operation, round).await,
        }
    }

    async fn datasets(&self, operation: Operation, round: &str) -> anyhow::Result<()> {
        let (own, none) =
            (Dataset::Org(OrgSlug::parse(&format!("made_{round}"))?), BTreeMap::new());
        match operation {
            Operation::Make => {
                self.warehouse.create_dataset(&own, &none).await?;
                ensure!(self.calm.dataset_labels(&own).await?.is_some());
            }
            Operation::Drop => {
                self.calm.create_dataset(&own, &none).await?;
                self.warehouse.drop_dataset(&own).await?;
                ensure!(self.calm.dataset_labels(&own).await?.is_none());
            }
            Operation::Labels => ensure!(self.warehouse.dataset_labels(&acme()).await?.is_some()),
            _ => self.warehouse.ping().await?,
        }
        Ok(())
    }

    async fn tables(&self, operation: Operation, round: &str) -> anyhow::Result<()> {
        let name = format!("made_{round}");
        let columns = match operation {
            Operation::Describe => self.warehouse.describe(&acme()).await?["charges"].len(),
            Operation::View => {
                let tables = vec!["charges".to_owned(), "many".to_owned()];
                let columns = vec!["n".to_owned()];
                let view = ViewSchema { name: name.clone(), tables, columns };
                self.warehouse.apply_view(&acme(), &view).await?;
                let all =
                    Query::new("all", format!("from {name}\naggregate {{rows = count this}}"));
                ensure!(self.seen(&all).await? == ["10005"]);
                return Ok(());
            }
            Operation::Grow => {
                self.calm.apply_table(&acme(), &schema(&name, &[])).await?;
                self.warehouse.apply_table(&acme(), &schema(&name, &["Note"])).await?;
                self.calm.describe(&acme()).await?[&name].len() - 1
            }
            _ => {
                self.warehouse.apply_table(&acme(), &schema(&name, &[])).await?;
                self.calm.describe(&acme()).await?[&name].len()
            }
        };
        ensure!(columns == 3, "{columns} columns");
        Ok(())
    }

    async fn rows(&self, operation: Operation, round: &str) -> anyhow::Result<()> {
        match operation {
            Operation::Append => {
                let source = format!("aws/{round}");
                self.warehouse.append(&acme(), "many", batch(&source, 1)).await?;
                let prql = format!("from many\nfilter x_source_id == '{source}'\nselect {{n}}");
                let mut there = self.seen(&Query::new("appended", prql)).await?;
                // At least once: readers count distinct ids.
                there.dedup();
                ensure!(there == ["0"], "{there:?}");
            }
            Operation::Replace => ensure!(replace(&self.warehouse, "charges", 3).await? == 3),
            _ => {
                let kept = "from many\nfilter x_source_id == 'aws/a' && n < 3\n\
                            select {x_source_id, x_charge_date, n}";
                let query = Query::new("kept", kept);
                self.warehouse.materialize(&acme(), &query, "charges", &scope()).await?;
            }
        }
        self.holds().await
    }

    /// The rows of Acme's charges are what they always are.
    pub(super) async fn holds(&self) -> anyhow::Result<()> {
        let there = self.seen(&charges()).await?;
        ensure!(there == ["aws/a|0", "aws/a|1", "aws/a|2", "aws/b|0"], "{there:?}");
        Ok(())
    }

    async fn questions(&self, operation: Operation) -> anyhow::Result<()> {
        let rows = match operation {
            Operation::Ask => self.warehouse.query(&acme(), &charges()).await?.batches,
            Operation::Estimate => {
                ensure!(
                    self.warehouse.bytes_of(&acme(), &charges()).await? == 0,
                    "as emulators say"
                );
                return Ok(());
            }
            _ => {
                let prql = "from many\nfilter x_source_id == 'aws/a'";
                let rows = self.warehouse.stream(&acme(), &Query::new("many", prql)).await?;
                rows.batches.try_collect().await?
            }
        };
        let rows: usize = rows.iter().map(RecordBatch::num_rows).sum();
        ensure!(rows == 4 || rows == 10_001, "{rows} rows");
        Ok(())
    }

    async fn jobs(&self, operation: Operation, round: &str) -> anyhow::Result<()> {
        let id = format!("job-{round}");
        let done = matches!(operation, Operation::SpoilDone);
        if done {
            let batch = batch("aws/a", 3);
            let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
            let staged = self.calm.stage(&acme(), "charges", rows, &[]).await?;
            staged.replace_as(&scope(), &id).await?;
        }
        ensure!(self.warehouse.spoil(&id).await? == done, "was it done?");
        Ok(())
    }

    async fn seen(&self, query: &Query) -> anyhow::Result<Vec<String>> {
        lines(&self.calm.query(&acme(), query).await?.batches)
    }
}

pub(super) fn acme() -> Dataset {
    Dataset::Org(OrgSlug::parse("acme").unwrap())
}

fn charges() -> Query {
    Query::new("charges", "from charges\nselect {x_source_id, n}")
}

fn schema(name: &str, more: &[&str]) -> TableSchema {
    let mut fields = vec![
        json!({"name": "x_source_id", "type": "STRING", "mode": "REQUIRED"}),
        json!({"name": "x_charge_date", "type": "DATE"}),
        json!({"name": "n", "type": "INTEGER"}),
    ];
    fields.extend(more.iter().map(|name| json!({"name": name, "type": "STRING"})));
    serde_json::from_value(json!({"name": name, "fields": fields})).unwrap()
}

fn batch(source: &str, rows: i64) -> RecordBatch {
    let count = usize::try_from(rows).unwrap();
    RecordBatch::try_from_iter([
        ("x_source_id", Arc::new(StringArray::from(vec![source; count])) as ArrayRef),
        ("x_charge_date", Arc::new(Date32Array::from(vec![20_089; count]))),
        ("n", Arc::new(Int64Array::from_iter_values(0..rows))),
    ])
    .unwrap()
}

fn scope() -> Scope {
    Scope::days(SourceId::new("aws", "a"), date(2025, 1, 1)..date(2025, 1, 2))
}

/// Replaces a day of `aws/a`; says how many rows there are now.
pub(super) async fn replace(
    warehouse: &BigQuery,
    table: &str,
    rows: i64,
) -> Result<u64, convergence::warehouse::WarehouseError> {
    let batch = batch("aws/a", rows);
    let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
    Ok(warehouse.replace(&acme(), table, &scope(), rows).await?.inserted)
}
