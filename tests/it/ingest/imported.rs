//! The real file in the warehouse: its rows, and how far they are as FOCUS says.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    focus::Conformance,
    ingest::FocusReader,
    org::{Env, OrgSlug},
    testing::{content_hash, lines},
    warehouse::{
        Dataset, Query, Scope, SourceId, TableSchema, Warehouse,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use insta::assert_snapshot;
use jiff::civil::date;
use tempfile::TempDir;

use super::{file, model};

const TABLE: &str = "focus_import";

pub(super) struct Place {
    _folder: TempDir,
    pub(super) db: DuckDb,
    pub(super) org: Dataset,
}

pub(super) async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("warehouse.duckdb");
    let options = DuckDbOptions { path, env: Env::Local, memory_limit: "256MB".into(), threads: 2 };
    let (db, org) =
        (DuckDb::open(&options).unwrap(), Dataset::Org(OrgSlug::parse("acme").unwrap()));
    db.create_dataset(&org, &BTreeMap::new()).await.unwrap();
    let schema = TableSchema { name: TABLE.to_owned(), ..model().schema.clone() };
    db.apply_table(&org, &schema).await.unwrap();
    Place { _folder: folder, db, org }
}

/// Imports a file as a run of this name would, over all its months.
pub(super) async fn import(place: &Place, path: &str, run: &str) -> Arc<FocusReader> {
    let reader = Arc::new(file(path).unwrap());
    let constants = [
        ("x_source_id", "focus/default".to_owned()),
        ("x_run_id", run.to_owned()),
        ("x_focus_version", reader.version().to_string()),
    ];
    let rows = Arc::clone(&reader);
    let staged = place.db.stage(&place.org, TABLE, rows, &constants).await.unwrap();
    let months = reader.report().months.into_keys();
    staged.replace(&Scope::months(SourceId::new("focus", "default"), months)).await.unwrap();
    reader
}

async fn ask(place: &Place, query: &Query) -> Vec<String> {
    lines(&place.db.query(&place.org, query).await.unwrap().batches).unwrap()
}

#[tokio::test]
async fn every_row_and_decimal_of_the_sample_arrives_once_however_often() {
    let place = place().await;
    let mut hashes = Vec::new();
    for run in ["first", "second", "third"] {
        import(&place, "demo/focus-1.0-sample-1000.csv", run).await;
        hashes.push(content_hash(&place.db, &place.org, TABLE).await.unwrap());
    }
    assert!(hashes.iter().all(|hash| *hash == hashes[0]));
    let sums = "from focus_import | aggregate {rows = count this, billed = sum BilledCost, \
                effective = sum EffectiveCost, list = sum ListCost, contracted = sum ContractedCost}";
    assert_snapshot!(
        ask(&place, &Query::new("sums", sums)).await.join("\n"),
        @"1000|20.52022672899|14.97651418586|20.39090575119|14.97626039326"
    );
    let kept = "from focus_import | group {x_focus_version, ServiceProviderName, x_billing_month} \
                (aggregate {rows = count this})";
    assert_snapshot!(ask(&place, &Query::new("kept", kept)).await.join("\n"), @r"
    1.0|AWS|2024-09-01|942
    1.0|Microsoft|2024-09-01|51
    1.0|Oracle|2024-09-01|6
    1.0|Oracle|2024-10-01|1
    ");
}

#[tokio::test]
async fn departures_from_focus_are_found_with_how_many_rows() {
    let place = place().await;
    import(&place, "demo/focus-1.0-sample-1000.csv", "run").await;
    let conformance = Conformance::new(model());
    let query = Query::new("focus_conformance", conformance.prql(TABLE))
        .with("source", "focus/default")
        .with("first_month", date(2024, 9, 1))
        .with("last_month", date(2024, 10, 1))
        .with("first_day", date(2024, 1, 1))
        .with("end_day", date(2025, 1, 1));
    let answer = place.db.query(&place.org, &query).await.unwrap();
    let findings = conformance.read(&answer).unwrap();
    let told = findings
        .iter()
        .map(|found| format!("{} × {} of {}", found.failed_rows, found.rule, found.column));
    assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    7 × never_null of ContractedCost
    1 × never_negative of ContractedUnitPrice
    1 × charge_in_billing_period of ChargePeriodStart
    2 × ConsumedQuantity-C-004 of ConsumedQuantity
    1 × ContractedCost-C-008 of ContractedCost
    5 × ContractedUnitPrice-C-006 of ContractedUnitPrice
    1 × EffectiveCost-C-010 of EffectiveCost
    5 × PricingCategory-C-004 of PricingCategory
    7 × RegionName-C-004 of RegionName
    2 × RegionName-C-005 of RegionName
    36 × ResourceType-C-004 of ResourceType
    752 × ResourceType-C-005 of ResourceType
    5 × SkuPriceId-C-005 of SkuPriceId
    "#);
}

#[tokio::test]
async fn every_version_is_kept_as_the_newest() {
    let place = place().await;
    // That of 1.2 has no column that 1.0 lacks.
    for (version, told) in
        [("1.0", "1.0"), ("1.1", "1.1"), ("1.2", "1.0"), ("1.3", "1.3"), ("1.4", "1.4")]
    {
        let reader =
            import(&place, &format!("tests/data/focus/focus-{version}.csv"), version).await;
        assert_eq!((reader.version().as_str(), reader.report().rejected), (told, 0));
        let query = Query::new("kept", "from focus_import | select {x_focus_version} | take 1");
        assert_eq!(ask(&place, &query).await, [told]);
    }
}
