//! A table of charges, rows for it, and ways to read them.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use arrow::{
    array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListBuilder, RecordBatch,
        StringArray, StringBuilder, TimestampMicrosecondArray,
    },
    datatypes::SchemaRef,
};
use jiff::civil::Date;

use crate::{
    decimal::Decimal,
    org::OrgSlug,
    testing::lines,
    warehouse::{
        Batches, ColumnType, Dataset, Field, Fixed, Mode, Query, Scope, ScopePart, SourceId,
        TableSchema, Warehouse, WarehouseError,
    },
};

/// One charge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charge {
    pub(super) source: &'static str,
    pub(super) month: &'static str,
    pub(super) day: &'static str,
    pub(super) cost: &'static str,
}

pub(super) const fn charge(
    source: &'static str,
    month: &'static str,
    day: &'static str,
    cost: &'static str,
) -> Charge {
    Charge { source, month, day, cost }
}

pub(super) fn field(name: &str, kind: ColumnType, mode: Mode) -> Field {
    Field { name: name.to_owned(), kind, mode, description: String::new() }
}

/// A table with a column of every type.
pub(super) fn charges() -> TableSchema {
    let text = |name| field(name, ColumnType::String, Mode::Nullable);
    TableSchema {
        name: "charges".to_owned(),
        description: "Charges".to_owned(),
        partition_by: Some("x_charge_date".to_owned()),
        require_partition_filter: false,
        partition_expiration_days: None,
        cluster_by: vec!["x_source_id".to_owned()],
        fields: vec![
            field("x_source_id", ColumnType::String, Mode::Required),
            field("x_billing_month", ColumnType::Date, Mode::Nullable),
            field("x_charge_date", ColumnType::Date, Mode::Nullable),
            text("x_run_id"),
            field("BilledCost", ColumnType::Bignumeric, Mode::Nullable),
            text("Note"),
            field("Labels", ColumnType::String, Mode::Repeated),
            field("At", ColumnType::Timestamp, Mode::Nullable),
            field("Quantity", ColumnType::Integer, Mode::Nullable),
            field("Live", ColumnType::Boolean, Mode::Nullable),
        ],
    }
}

/// A new dataset with the table.
pub(super) async fn fresh(warehouse: &dyn Warehouse, slug: &str) -> anyhow::Result<Dataset> {
    let dataset = empty(warehouse, slug).await?;
    warehouse.apply_table(&dataset, &charges()).await?;
    Ok(dataset)
}

/// A new dataset without tables.
pub(super) async fn empty(warehouse: &dyn Warehouse, slug: &str) -> anyhow::Result<Dataset> {
    let dataset = Dataset::Org(OrgSlug::parse(slug)?);
    warehouse.drop_dataset(&dataset).await?;
    warehouse.create_dataset(&dataset, &BTreeMap::new()).await?;
    Ok(dataset)
}

pub(super) fn date(text: &str) -> anyhow::Result<Date> {
    text.parse().with_context(|| format!("date {text}"))
}

/// A batch of charges with the columns that every replace needs.
pub(super) fn batch(charges: &[Charge]) -> anyhow::Result<RecordBatch> {
    let text = |of: fn(&Charge) -> &'static str| -> ArrayRef {
        Arc::new(charges.iter().map(|charge| Some(of(charge))).collect::<StringArray>())
    };
    let costs = charges.iter().map(|charge| charge.cost.parse::<Decimal>());
    let costs = costs.collect::<Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_from_iter([
        ("x_source_id", text(|charge| charge.source)),
        ("x_billing_month", days(charges.iter().map(|charge| charge.month))?),
        ("x_charge_date", days(charges.iter().map(|charge| charge.day))?),
        ("BilledCost", decimals(&costs)?),
    ])?)
}

fn days<'a>(texts: impl Iterator<Item = &'a str>) -> anyhow::Result<ArrayRef> {
    let day = |text: &str| -> anyhow::Result<i32> {
        Ok(date("1970-01-01")?.until(date(text)?)?.get_days())
    };
    Ok(Arc::new(Date32Array::from(texts.map(day).collect::<anyhow::Result<Vec<_>>>()?)))
}

pub(super) fn decimals(values: &[Decimal]) -> anyhow::Result<ArrayRef> {
    let scaled = values.iter().map(|value| value.scaled());
    let array = Decimal128Array::from_iter_values(scaled).with_precision_and_scale(38, 18)?;
    Ok(Arc::new(array))
}

/// Two rows with every column: one full, one as null as it may be.
pub(super) fn full() -> anyhow::Result<RecordBatch> {
    let mut labels = ListBuilder::new(StringBuilder::new());
    labels.append_value([Some("a"), Some("b, c")]);
    labels.append_value([None::<&str>; 0]);
    let at = TimestampMicrosecondArray::from(vec![Some(1_726_000_000_123_456), None]);
    let costs =
        Decimal128Array::from(vec![Some(-5_i128), None]).with_precision_and_scale(38, 18)?;
    Ok(RecordBatch::try_from_iter_with_nullable([
        ("x_source_id", Arc::new(StringArray::from(vec!["aws/a", "aws/b"])) as ArrayRef, false),
        ("x_charge_date", Arc::new(Date32Array::from(vec![Some(19_976), None])), true),
        ("BilledCost", Arc::new(costs), true),
        ("Note", Arc::new(StringArray::from(vec![Some("O'Brien \"x\" \\ $1 é"), None])), true),
        ("Labels", Arc::new(labels.finish()), true),
        ("At", Arc::new(at.with_timezone("UTC")), true),
        ("Quantity", Arc::new(Int64Array::from(vec![Some(i64::MAX), None])), true),
        ("Live", Arc::new(BooleanArray::from(vec![Some(true), None])), true),
    ])?)
}

pub(super) fn source(batches: Vec<RecordBatch>) -> anyhow::Result<Arc<dyn Batches>> {
    let schema = batches.first().context("no batch")?.schema();
    Ok(Arc::new(Fixed::new(schema, batches)))
}

/// Gives a batch, then fails.
pub(super) struct Breaking {
    first: Fixed,
}

impl Breaking {
    pub(super) fn after(batch: RecordBatch) -> Arc<dyn Batches> {
        Arc::new(Self { first: Fixed::new(batch.schema(), vec![batch]) })
    }
}

impl Batches for Breaking {
    fn schema(&self) -> SchemaRef {
        self.first.schema()
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        match self.first.next()? {
            Some(batch) => Ok(Some(batch)),
            None => Err(anyhow::anyhow!("the disk is gone").context("line 7 cannot be read")),
        }
    }
}

/// Replaces a scope with charges.
pub(super) async fn put(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    scope: &Scope,
    charges: &[Charge],
) -> anyhow::Result<(u64, u64)> {
    let rows = source(vec![batch(charges)?])?;
    let done = warehouse.replace(dataset, "charges", scope, rows).await?;
    Ok((done.inserted, done.deleted))
}

/// Whole months of a source.
pub(super) fn months(name: &str, months: &[&str]) -> anyhow::Result<Scope> {
    let months = months.iter().map(|month| date(month)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Scope::months(SourceId::new("aws", name), months))
}

/// A part with both a month and days.
pub(super) fn part(month: &str, days: [&str; 2]) -> anyhow::Result<ScopePart> {
    Ok(ScopePart { month: Some(date(month)?), days: Some(date(days[0])?..date(days[1])?) })
}

/// Sources, days and costs of every charge, sorted.
pub(super) async fn all(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
) -> anyhow::Result<Vec<String>> {
    let prql = "from charges\nselect {x_source_id, x_charge_date, BilledCost}";
    ask(warehouse, dataset, &Query::new("suite", prql)).await
}

/// The rows of a query as text.
pub(super) async fn ask(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    query: &Query,
) -> anyhow::Result<Vec<String>> {
    lines(&warehouse.query(dataset, query).await?.batches)
}

pub(super) fn incompatible<T: std::fmt::Debug>(result: &Result<T, WarehouseError>) {
    assert!(matches!(result, Err(WarehouseError::Incompatible(_))), "{result:?}");
}
