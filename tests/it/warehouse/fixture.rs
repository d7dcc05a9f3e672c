//! A warehouse in a folder of its own, with a table of charges.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray};
use convergence::{
    org::{Env, OrgSlug},
    testing::lines,
    warehouse::{
        Batches, Dataset, Fixed, Query, Scope, SourceId, TableSchema, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use jiff::civil::date;
use tempfile::TempDir;

pub(super) struct Place {
    pub(super) folder: TempDir,
    pub(super) db: DuckDb,
    pub(super) org: Dataset,
}

pub(super) fn options(folder: &Path) -> DuckDbOptions {
    let path = folder.join("warehouse.duckdb");
    DuckDbOptions { path, env: Env::Local, memory_limit: "256MB".into(), threads: 2 }
}

pub(super) fn open(folder: &Path) -> anyhow::Result<DuckDb> {
    Ok(DuckDb::open(&options(folder))?)
}

pub(super) async fn place() -> anyhow::Result<Place> {
    let folder = tempfile::tempdir()?;
    let db = open(folder.path())?;
    let org = Dataset::Org(OrgSlug::parse("acme")?);
    db.create_dataset(&org, &BTreeMap::new()).await?;
    db.apply_table(&org, &schema(&[])?).await?;
    Ok(Place { folder, db, org })
}

/// The table `charges`, with more text columns at its end.
pub(super) fn schema(more: &[&str]) -> anyhow::Result<TableSchema> {
    let mut fields = vec![
        serde_json::json!({"name": "x_source_id", "type": "STRING"}),
        serde_json::json!({"name": "x_billing_month", "type": "DATE"}),
        serde_json::json!({"name": "x_charge_date", "type": "DATE"}),
        serde_json::json!({"name": "x_run_id", "type": "STRING"}),
        serde_json::json!({"name": "BilledCost", "type": "BIGNUMERIC"}),
    ];
    fields.extend(more.iter().map(|name| serde_json::json!({"name": name, "type": "STRING"})));
    Ok(serde_json::from_value(serde_json::json!({"name": "charges", "fields": fields}))?)
}

/// Charges of `aws/a` in January 2025, one per amount (in 10⁻¹⁸).
pub(super) fn batch(scaled: &[i128]) -> anyhow::Result<RecordBatch> {
    let day = Date32Array::from(vec![20_089; scaled.len()]);
    let costs = Decimal128Array::from(scaled.to_vec()).with_precision_and_scale(38, 18)?;
    Ok(RecordBatch::try_from_iter([
        ("x_source_id", Arc::new(StringArray::from(vec!["aws/a"; scaled.len()])) as ArrayRef),
        ("x_billing_month", Arc::new(day.clone())),
        ("x_charge_date", Arc::new(day)),
        ("BilledCost", Arc::new(costs)),
    ])?)
}

pub(super) fn rows(scaled: &[i128]) -> anyhow::Result<Arc<dyn Batches>> {
    let batch = batch(scaled)?;
    Ok(Arc::new(Fixed::new(batch.schema(), vec![batch])))
}

pub(super) fn january() -> Scope {
    Scope::months(SourceId::new("aws", "a"), [date(2025, 1, 1)])
}

pub(super) async fn ask(
    db: &dyn Warehouse,
    dataset: &Dataset,
    prql: &str,
) -> anyhow::Result<Vec<String>> {
    lines(&db.query(dataset, &Query::new("test", prql)).await?.batches)
}

/// How many rows there are, and their sum.
pub(super) async fn total(place: &Place) -> anyhow::Result<Vec<String>> {
    let prql = "from charges | aggregate {rows = count this, total = sum BilledCost}";
    ask(&place.db, &place.org, prql).await
}
