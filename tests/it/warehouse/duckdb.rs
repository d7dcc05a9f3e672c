//! What DuckDB does beside what every warehouse does.

use std::collections::BTreeMap;

use convergence::{
    testing::{lines, warehouse_suite},
    warehouse::{
        Dataset, Query, Warehouse as _, WarehouseError,
        duckdb::{DuckDb, DuckDbOptions},
    },
};
use futures::TryStreamExt as _;

use super::fixture::{january, open, options, place, rows, total};

#[tokio::test]
async fn passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    warehouse_suite(&open(folder.path()).unwrap()).await.unwrap();
}

#[test]
fn versions_are_the_ones_that_were_tried() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(open(folder.path()).unwrap().library_version().unwrap(), "v1.5.6");
    let lock = include_str!("../../../Cargo.lock");
    assert!(lock.contains("name = \"duckdb\"\nversion = \"1.20000.1\""), "the crate has moved");
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart_and_nothing_else() {
    let mut place = place().await.unwrap();
    place.db.replace(&place.org, "charges", &january(), rows(&[1, 2]).unwrap()).await.unwrap();
    let staged = place.db.stage(&place.org, "charges", rows(&[9]).unwrap(), &[]).await.unwrap();
    drop(staged);
    let path = place.folder.path().to_owned();
    drop(std::mem::replace(&mut place.db, open(tempfile::tempdir().unwrap().path()).unwrap()));
    place.db = open(&path).unwrap();
    assert_eq!(total(&place).await.unwrap(), ["2|0.000000000000000003"]);
}

#[test]
fn what_an_earlier_process_spilled_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let spill = folder.path().join("warehouse.duckdb.tmp");
    std::fs::create_dir_all(&spill).unwrap();
    std::fs::write(spill.join("duckdb_temp_storage-0.tmp"), "left over").unwrap();
    let db = open(folder.path()).unwrap();
    assert!(!spill.exists());
    drop(db);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("warehouse.duckdb"), "not a database ".repeat(500)).unwrap();
    assert!(open(folder.path()).is_err());
}

#[tokio::test]
async fn a_sum_that_has_too_many_digits_fails_instead_of_wrapping() {
    let place = place().await.unwrap();
    let most = 10_i128.pow(38) - 1;
    let two = rows(&[most, most]).unwrap();
    place.db.replace(&place.org, "charges", &january(), two).await.unwrap();
    let failed = total(&place).await.unwrap_err();
    let query = failed.downcast::<WarehouseError>().unwrap();
    assert!(matches!(query, WarehouseError::Query(_)), "{query:?}");
}

/// Sorting far more than fits goes by way of the disk, whole and as a stream.
#[tokio::test]
async fn what_does_not_fit_is_spilled() {
    let folder = tempfile::tempdir().unwrap();
    let options = DuckDbOptions { memory_limit: "48MB".into(), ..options(folder.path()) };
    let db = DuckDb::open(&options).unwrap();
    db.create_dataset(&Dataset::System, &BTreeMap::new()).await.unwrap();
    let prql = "from s\"SELECT range AS n, md5(range::VARCHAR) AS key FROM range(2000000)\"\nsort {key, n}";
    let mut rows = db.stream(&Dataset::System, &Query::new("sort", prql)).await.unwrap().batches;
    let (mut count, mut first) = (0, None);
    while let Some(batch) = rows.try_next().await.unwrap() {
        first = first.or_else(|| lines(&[batch.slice(0, 1)]).ok());
        count += batch.num_rows();
    }
    assert_eq!((count, first.unwrap()[0].len()), (2_000_000, 40));
    drop(rows);
}

#[tokio::test]
async fn files_and_other_databases_are_out_of_reach() {
    let place = place().await.unwrap();
    for source in ["SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM '/etc/hosts.csv'"] {
        let query = Query::new("test", format!("from s\"{source}\""));
        let refused = place.db.query(&place.org, &query).await;
        assert!(refused.is_err(), "{refused:?}");
    }
}
