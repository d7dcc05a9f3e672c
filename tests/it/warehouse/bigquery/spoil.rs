//! What a dead writer announced is never done after somebody took over.

use std::collections::BTreeMap;

use convergence::{
    org::OrgSlug,
    testing::lines,
    warehouse::{Dataset, Query, Staged, Warehouse as _, WarehouseError, bigquery::BigQuery},
};

use super::{super::fixture, place::fresh};

async fn place() -> Option<(BigQuery, Dataset)> {
    let warehouse = fresh().await?;
    let acme = Dataset::Org(OrgSlug::parse("acme").unwrap());
    warehouse.create_dataset(&acme, &BTreeMap::new()).await.unwrap();
    warehouse.apply_table(&acme, &fixture::schema(&[]).unwrap()).await.unwrap();
    Some((warehouse, acme))
}

async fn staged(warehouse: &BigQuery, acme: &Dataset) -> Box<dyn Staged> {
    let rows = fixture::rows(&[1, 2]).unwrap();
    warehouse.stage(acme, "charges", rows, &[]).await.unwrap()
}

async fn count(warehouse: &BigQuery, acme: &Dataset) -> Vec<String> {
    let query = Query::new("count", "from charges\naggregate {rows = count this}");
    lines(&warehouse.query(acme, &query).await.unwrap().batches).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_not_sent_yet_never_will_be() {
    let Some((warehouse, acme)) = place().await else { return };
    let late = staged(&warehouse, &acme).await;
    assert!(!warehouse.spoil("replace-1").await.unwrap());
    assert!(!warehouse.spoil("replace-1").await.unwrap(), "whoever comes third is told the same");
    let refused = late.replace_as(&fixture::january(), "replace-1").await;
    assert!(matches!(refused, Err(WarehouseError::Unavailable(_))), "{refused:?}");
    assert_eq!(count(&warehouse, &acme).await, ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_done_is_told_as_done() {
    let Some((warehouse, acme)) = place().await else { return };
    let done = staged(&warehouse, &acme).await;
    done.replace_as(&fixture::january(), "replace-2").await.unwrap();
    assert!(warehouse.spoil("replace-2").await.unwrap());
    assert_eq!(count(&warehouse, &acme).await, ["2"]);

    // The same job again is the one that was done: its rows are not added twice.
    let again = staged(&warehouse, &acme).await;
    let replaced = again.replace_as(&fixture::january(), "replace-2").await.unwrap();
    assert_eq!((replaced.inserted, count(&warehouse, &acme).await), (2, vec!["2".to_owned()]));
}
