//! Every call fails once, in turn: what is asked for is done all the same, and done once.

use std::{collections::BTreeMap, sync::Arc};

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use convergence::{
    org::OrgSlug,
    testing::lines,
    warehouse::{
        Dataset, Fixed, Query, Scope, SourceId, TableSchema, ViewSchema, Warehouse as _,
        WarehouseError, bigquery::BigQuery,
    },
};
use futures::TryStreamExt as _;
use integration_tests::{
    emulators,
    faults::{Fault, Faults},
};
use jiff::civil::date;
use serde_json::json;

use super::place::{open, settings};

/// More rows than come with a job: they are read as Arrow.
const MANY: i64 = 10_001;

fn acme() -> Dataset {
    Dataset::Org(OrgSlug::parse("acme").unwrap())
}

fn schema(more: &[&str]) -> TableSchema {
    let mut fields = vec![
        json!({"name": "x_source_id", "type": "STRING", "mode": "REQUIRED"}),
        json!({"name": "x_charge_date", "type": "DATE"}),
        json!({"name": "n", "type": "INTEGER"}),
    ];
    fields.extend(more.iter().map(|name| json!({"name": name, "type": "STRING"})));
    serde_json::from_value(json!({"name": "charges", "fields": fields})).unwrap()
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

async fn replace(warehouse: &BigQuery, rows: i64) -> Result<u64, WarehouseError> {
    let batch = batch("aws/a", rows);
    let rows = Arc::new(Fixed::new(batch.schema(), vec![batch]));
    Ok(warehouse.replace(&acme(), "charges", &scope(), rows).await?.inserted)
}

/// Everything that the backend does, once.
async fn everything(warehouse: &BigQuery) -> anyhow::Result<Vec<String>> {
    let acme = acme();
    warehouse.create_dataset(&acme, &BTreeMap::new()).await?;
    warehouse.apply_table(&acme, &schema(&[])).await?;
    warehouse.apply_table(&acme, &schema(&["Note"])).await?;
    warehouse.append(&acme, "charges", batch("aws/b", 1)).await?;
    replace(warehouse, MANY).await?;
    let tables = vec!["charges".to_owned()];
    let view =
        ViewSchema { name: "costs".to_owned(), tables, columns: vec!["x_source_id".to_owned()] };
    warehouse.apply_view(&acme, &view).await?;
    let all = Query::new("all", "from charges\nselect {x_source_id, n}");
    let rows: Vec<RecordBatch> = warehouse.stream(&acme, &all).await?.batches.try_collect().await?;
    assert!(rows.iter().map(RecordBatch::num_rows).sum::<usize>() > 10_001);
    let kept = "from charges\nfilter x_source_id == 'aws/a' && n < 3\n\
                select {x_source_id, x_charge_date, n}";
    warehouse.materialize(&acme, &Query::new("kept", kept), "charges", &scope()).await?;
    lines(&warehouse.query(&acme, &all).await?.batches)
}

struct Broken {
    warehouse: BigQuery,
    faults: Faults,
}

async fn broken() -> Option<Broken> {
    let emulator = emulators::needed(emulators::bigquery().await)?;
    let faults = Faults::before_both(emulator.host(), emulator.grpc()).await;
    let url = format!("bigquery://{}?location=US", emulators::project());
    let warehouse = open(&settings(&url, faults.host(), faults.host()));
    Some(Broken { warehouse, faults })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_call_may_fail_once_and_everything_is_done_once() {
    let Some(Broken { warehouse, faults }) = broken().await else { return };
    let wanted = ["aws/a|0", "aws/a|1", "aws/a|2", "aws/b|0"];
    assert_eq!(everything(&warehouse).await.unwrap(), wanted);
    let calls = faults.calls();
    assert!(calls.len() > 20, "{calls:?}");
    for (n, call) in calls.iter().enumerate() {
        // The two by turns: each meets every kind of call.
        let fault = if n % 2 == 0 { Fault::THROTTLED } else { Fault::UNAVAILABLE };
        warehouse.drop_dataset(&acme()).await.unwrap();
        faults.clear();
        faults.nth("", n, fault);
        let there = everything(&warehouse).await;
        let mut there =
            there.unwrap_or_else(|error| panic!("{fault:?} at {n} ({call}): {error:?}"));
        assert_eq!(faults.injected(), 1, "{call}");
        // Appending is at least once; all else is once.
        there.dedup();
        assert_eq!(there, wanted, "{fault:?} at {n} ({call})");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_passes_is_said_and_changes_nothing() {
    let Some(Broken { warehouse, faults }) = broken().await else { return };
    everything(&warehouse).await.unwrap();
    let count = Query::new("count", "from charges\naggregate {rows = count this}");
    for (call, fault) in [
        ("/jobs", Fault::UNAVAILABLE),
        ("/jobs", Fault::DENIED),
        ("CreateWriteStream", Fault::DENIED),
        ("AppendRows", Fault::DENIED),
    ] {
        faults.clear();
        faults.always(call, fault);
        let refused = replace(&warehouse, 5).await.unwrap_err();
        let unavailable = matches!(refused, WarehouseError::Unavailable(_));
        assert_eq!(unavailable, fault == Fault::UNAVAILABLE, "{call}: {refused:?}");
        faults.clear();
        let there = warehouse.query(&acme(), &count).await.unwrap();
        assert_eq!(lines(&there.batches).unwrap(), ["4"], "{call} left something");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_denied_is_not_made_again() {
    let Some(Broken { warehouse, faults }) = broken().await else { return };
    faults.always("", Fault::DENIED);
    let denied = warehouse.create_dataset(&acme(), &BTreeMap::new()).await;
    assert!(matches!(denied, Err(WarehouseError::Other(_))), "{denied:?}");
    assert_eq!(faults.calls().len(), 1);
}
