//! What each question of dashboards reads of BigQuery, by dry run: a month of a year and a month.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range, sync::Arc};

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListBuilder, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use convergence::{
    configs::Configs,
    costs::{Columns, shipped, view},
    focus::Model,
    org::OrgSlug,
    setup::{bootstrap_tables, organization_tables, table},
    warehouse::{
        ColumnType, Dataset, Field, Fixed, Mode, Query, Scope, SourceId, TableSchema,
        Warehouse as _, bigquery::BigQuery,
    },
};
use jiff::{ToSpan as _, civil::date};

/// 2025-04-01 to 2026-04-30, as days since 1970.
const DAYS: Range<i32> = 20_179..20_574;
/// Rows of a day.
const ROWS: i32 = 20;
/// All rows of a table that requires a filter by day.
const WHOLE: [&str; 2] = ["focus_import", "costs_daily"];

/// A question, and the bytes that it would process.
pub(super) type Stated = (String, u64);

/// Every table that questions read, with rows in those of charges, and the bytes of each question.
pub(super) async fn stated(warehouse: &BigQuery, slug: &str) -> anyhow::Result<Vec<Stated>> {
    let (configs, org) = (Configs::embedded(), OrgSlug::parse(slug)?);
    let dataset = Dataset::Org(org.clone());
    warehouse.create_dataset(&dataset, &BTreeMap::new()).await?;
    for schema in schemas(&configs) {
        warehouse.apply_table(&dataset, &schema).await?;
        if WHOLE.contains(&schema.name.as_str()) {
            fill(warehouse, &dataset, &schema).await?;
        }
    }
    let charges = table(&configs, "setup/organization/focus.json").expect("a schema");
    let costs = view::schema(["focus_import".to_owned()], &charges.fields);
    warehouse.apply_view(&dataset, &costs).await?;
    let mut stated = Vec::new();
    for table in WHOLE {
        let every = "x_charge_date >= @1900-01-01";
        let all = Query::new("all", format!("from {table}\nfilter {every}\nselect !{{x_run_id}}"));
        stated.push((format!("all of {table}"), warehouse.bytes_of(&dataset, &all).await?));
    }
    let columns = Columns::new(Arc::new(Model::read(&configs)?));
    for question in shipped(&columns, &org).map_err(anyhow::Error::msg)? {
        let bytes = warehouse.bytes_of(&dataset, &question).await?;
        stated.push((question.name.to_owned(), bytes));
    }
    Ok(stated)
}

/// As Markdown.
pub(super) fn page(stated: &[Stated]) -> String {
    let mut page = String::from("| question | bytes by dry run |\n| --- | --- |\n");
    for (name, bytes) in stated {
        let _ = writeln!(page, "| {name} | {bytes} |");
    }
    page
}

fn schemas(configs: &Configs) -> Vec<TableSchema> {
    let mut schemas = bootstrap_tables(configs).expect("schemas");
    schemas.retain(|schema| schema.name == "org_meta_dq_results");
    schemas.extend(organization_tables(configs).expect("schemas"));
    let charges = table(configs, "setup/organization/focus.json").expect("a schema");
    for name in ["focus_gcp", "focus_import"] {
        schemas.push(TableSchema { name: name.to_owned(), ..charges.clone() });
    }
    schemas
}

/// Replaces all days, which BigQuery takes of a table that requires a filter.
async fn fill(warehouse: &BigQuery, dataset: &Dataset, schema: &TableSchema) -> anyhow::Result<()> {
    let batch = batch(schema)?;
    let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
    let first = date(1970, 1, 1);
    let days = first + DAYS.start.days()..first + DAYS.end.days();
    let scope = Scope::days(SourceId::new("aws", "default"), days);
    let done = warehouse.replace(dataset, &schema.name, &scope, rows).await?;
    anyhow::ensure!(done.inserted == u64::from(count().unsigned_abs()), "{done:?}");
    Ok(())
}

/// A row with a value in each column, as often as there are rows.
pub(super) fn batch(schema: &TableSchema) -> anyhow::Result<RecordBatch> {
    let columns = schema.fields.iter().map(|field| (field.name.as_str(), values(field), true));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

fn count() -> i32 {
    ROWS * (DAYS.end - DAYS.start)
}

/// One value for each row, of the column's type.
fn values(field: &Field) -> ArrayRef {
    let day = |row: i32| DAYS.start + row / ROWS;
    let rows = || 0..count();
    if field.mode == Mode::Repeated {
        let mut lists = ListBuilder::new(StringBuilder::new());
        rows().for_each(|_| lists.append(true));
        return Arc::new(lists.finish());
    }
    match field.kind {
        ColumnType::String if field.name == "x_source_id" => {
            Arc::new(StringArray::from_iter_values(rows().map(|_| "aws/default")))
        }
        ColumnType::String => {
            let text = |row| format!("{} {}", field.name, row % ROWS);
            Arc::new(StringArray::from_iter_values(rows().map(text)))
        }
        ColumnType::Integer => Arc::new(Int64Array::from_iter_values(rows().map(i64::from))),
        ColumnType::Bignumeric => {
            let amounts =
                Decimal128Array::from_iter_values(rows().map(|row| i128::from(row) << 50));
            Arc::new(amounts.with_precision_and_scale(38, 18).expect("it fits"))
        }
        ColumnType::Boolean => Arc::new(rows().map(|_| Some(true)).collect::<BooleanArray>()),
        ColumnType::Date => Arc::new(Date32Array::from_iter_values(rows().map(day))),
        ColumnType::Timestamp => {
            let moment = |row| i64::from(day(row)) * 86_400_000_000;
            let moments = TimestampMicrosecondArray::from_iter_values(rows().map(moment));
            Arc::new(moments.with_timezone("+00:00"))
        }
    }
}
