//! What DuckDB does beside what every warehouse does.

use std::path::Path;

use convergence::{
    org::Env,
    testing::warehouse_suite,
    warehouse::duckdb::{DuckDb, DuckDbOptions},
};

pub(super) fn open(folder: &Path) -> anyhow::Result<DuckDb> {
    let path = folder.join("warehouse.duckdb");
    let options = DuckDbOptions { path, env: Env::Local, memory_limit: "256MB".into(), threads: 2 };
    Ok(DuckDb::open(&options)?)
}

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
