//! Datasets come, keep their first labels, keep to themselves, and go.

use std::collections::BTreeMap;

use super::fixture::{all, charge, charges, empty, fresh, months, put};
use crate::{
    org::OrgSlug,
    warehouse::{Dataset, Query, Warehouse, WarehouseError},
};

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    labels(warehouse).await?;
    absent(warehouse).await?;
    isolation(warehouse).await
}

async fn labels(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = Dataset::Org(OrgSlug::parse("suite_labels")?);
    warehouse.drop_dataset(&dataset).await?;
    assert_eq!(warehouse.dataset_labels(&dataset).await?, None);
    let first = BTreeMap::from([("claim".to_owned(), "one-1".to_owned())]);
    let second = BTreeMap::from([("claim".to_owned(), "two-2".to_owned())]);
    warehouse.create_dataset(&dataset, &first).await?;
    warehouse.create_dataset(&dataset, &second).await?;
    assert_eq!(warehouse.dataset_labels(&dataset).await?, Some(first), "labels are set once");

    // The same organization, whatever the case of its slug.
    let upper = Dataset::Org(OrgSlug::parse("SUITE_labels")?);
    assert!(warehouse.dataset_labels(&upper).await?.is_some());

    warehouse.drop_dataset(&dataset).await?;
    warehouse.drop_dataset(&dataset).await?;
    assert_eq!(warehouse.dataset_labels(&dataset).await?, None);
    warehouse.create_dataset(&dataset, &second).await?;
    assert_eq!(warehouse.dataset_labels(&dataset).await?, Some(second), "labels went too");
    Ok(())
}

async fn absent(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = Dataset::Org(OrgSlug::parse("suite_absent")?);
    warehouse.drop_dataset(&dataset).await?;
    assert!(warehouse.describe(&dataset).await?.is_empty());
    let applied = warehouse.apply_table(&dataset, &charges()).await;
    assert!(matches!(applied, Err(WarehouseError::NoSuchDataset(_))), "{applied:?}");
    let asked = warehouse.query(&dataset, &Query::new("suite", "from charges")).await;
    assert!(matches!(asked, Err(WarehouseError::NoSuchDataset(_))), "{asked:?}");
    Ok(())
}

async fn isolation(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let (one, two) = (fresh(warehouse, "suite_one").await?, fresh(warehouse, "suite_two").await?);
    let scope = months("a", &["2024-09-01"])?;
    let rows = |cost| [charge("aws/a", "2024-09-01", "2024-09-02", cost)];
    put(warehouse, &one, &scope, &rows("1")).await?;
    put(warehouse, &two, &scope, &rows("2")).await?;
    assert_eq!(all(warehouse, &one).await?, ["aws/a|2024-09-02|1"]);
    assert_eq!(all(warehouse, &two).await?, ["aws/a|2024-09-02|2"]);

    // A connection that was in one dataset does not find its tables from another.
    let three = empty(warehouse, "suite_three").await?;
    assert!(all(warehouse, &three).await.is_err(), "another dataset's table was found");
    warehouse.drop_dataset(&one).await?;
    assert_eq!(all(warehouse, &two).await?, ["aws/a|2024-09-02|2"]);
    Ok(())
}
