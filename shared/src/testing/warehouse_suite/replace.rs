//! A replace deletes what its scope says, no more, and once.

use super::fixture::{
    Charge, all, batch, charge, date, fresh, incompatible, months, part, put, source,
};
use crate::{
    testing::content_hash,
    warehouse::{Dataset, Query, Scope, ScopePart, SourceId, Warehouse},
};

const SEPTEMBER: &str = "2024-09-01";
const OCTOBER: &str = "2024-10-01";

/// Two months of one source; the last is a charge dated outside its month.
const ROWS: [Charge; 4] = [
    charge("aws/a", SEPTEMBER, "2024-09-01", "1"),
    charge("aws/a", SEPTEMBER, "2024-09-30", "2"),
    charge("aws/a", OCTOBER, "2024-10-01", "4"),
    charge("aws/a", SEPTEMBER, "2024-10-01", "8"),
];

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    repeated(warehouse).await?;
    by_month(warehouse).await?;
    by_days(warehouse).await?;
    by_both(warehouse).await?;
    sources(warehouse).await?;
    same_run(warehouse).await?;
    computed(warehouse).await
}

/// A dataset with the rows of a source, and of another one that nothing may touch.
async fn filled(warehouse: &dyn Warehouse, slug: &str) -> anyhow::Result<Dataset> {
    let dataset = fresh(warehouse, slug).await?;
    let other = [charge("aws/other", SEPTEMBER, "2024-09-01", "100")];
    put(warehouse, &dataset, &months("other", &[SEPTEMBER])?, &other).await?;
    let done = put(warehouse, &dataset, &months("a", &[SEPTEMBER, OCTOBER])?, &ROWS).await?;
    assert_eq!(done, (4, 0));
    Ok(dataset)
}

/// What is there of the source `aws/a`, costs only.
async fn costs(warehouse: &dyn Warehouse, dataset: &Dataset) -> anyhow::Result<Vec<String>> {
    let prql = "from charges\nfilter x_source_id == 'aws/a'\nselect BilledCost";
    let other = "from charges\nfilter x_source_id == 'aws/other'\nselect BilledCost";
    let ask =
        async |prql| super::fixture::ask(warehouse, dataset, &Query::new("suite", prql)).await;
    assert_eq!(ask(other).await?, ["100"], "another source was touched");
    ask(prql).await
}

async fn repeated(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_repeated").await?;
    let before = content_hash(warehouse, &dataset, "charges").await?;
    let scope = months("a", &[SEPTEMBER, OCTOBER])?;
    for _ in 0..2 {
        assert_eq!(put(warehouse, &dataset, &scope, &ROWS).await?, (4, 4));
        assert_eq!(content_hash(warehouse, &dataset, "charges").await?, before);
    }
    put(warehouse, &dataset, &scope, &ROWS[..3]).await?;
    assert_ne!(content_hash(warehouse, &dataset, "charges").await?, before);

    // Nothing new is a deletion; no part at all is nothing to delete.
    assert_eq!(put(warehouse, &dataset, &scope, &[]).await?, (0, 3));
    assert!(costs(warehouse, &dataset).await?.is_empty());
    put(warehouse, &dataset, &scope, &ROWS).await?;
    assert_eq!(put(warehouse, &dataset, &months("a", &[])?, &[]).await?, (0, 0));
    let open = ScopePart { month: None, days: None };
    let everything = Scope { source: SourceId::new("aws", "a"), parts: vec![open] };
    let rows = source(vec![batch(&ROWS)?])?;
    incompatible(&warehouse.replace(&dataset, "charges", &everything, rows).await);
    assert_eq!(content_hash(warehouse, &dataset, "charges").await?, before);
    Ok(())
}

async fn by_month(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_months").await?;
    let scope = months("a", &[SEPTEMBER])?;
    let row = [charge("aws/a", SEPTEMBER, "2024-09-05", "16")];
    assert_eq!(put(warehouse, &dataset, &scope, &row).await?, (1, 3), "by month, not by day");
    assert_eq!(costs(warehouse, &dataset).await?, ["16", "4"]);
    Ok(())
}

async fn by_days(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_days").await?;
    let days = date("2024-09-30")?..date("2024-10-01")?;
    let scope = Scope::days(SourceId::new("aws", "a"), days);
    let row = [charge("aws/a", SEPTEMBER, "2024-09-30", "16")];
    assert_eq!(put(warehouse, &dataset, &scope, &row).await?, (1, 1), "the end is not included");
    assert_eq!(costs(warehouse, &dataset).await?, ["1", "16", "4", "8"]);
    Ok(())
}

async fn by_both(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_both").await?;
    let parts = vec![
        part(SEPTEMBER, ["2024-10-01", "2024-10-02"])?,
        part(OCTOBER, ["2024-09-01", "2024-10-01"])?,
        part(SEPTEMBER, ["2024-09-01", "2024-09-02"])?,
    ];
    let scope = Scope { source: SourceId::new("aws", "a"), parts };
    assert_eq!(put(warehouse, &dataset, &scope, &[]).await?, (0, 2));
    assert_eq!(costs(warehouse, &dataset).await?, ["2", "4"]);
    Ok(())
}

/// Different sources of one table may be staged at once and committed in any order.
async fn sources(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_sources").await?;
    let row = |name, cost| charge(name, SEPTEMBER, "2024-09-05", cost);
    let one = source(vec![batch(&[row("aws/a", "16")])?])?;
    let two = source(vec![batch(&[row("aws/b", "32")])?])?;
    let one = warehouse.stage(&dataset, "charges", one, &[]).await?;
    let two = warehouse.stage(&dataset, "charges", two, &[]).await?;
    let (scope_one, scope_two) = (months("a", &[SEPTEMBER])?, months("b", &[SEPTEMBER])?);
    let (two, one) = tokio::join!(two.replace(&scope_two), one.replace(&scope_one));
    assert_eq!((one?.deleted, two?.deleted), (3, 0));
    assert_eq!(costs(warehouse, &dataset).await?, ["16", "4"]);
    Ok(())
}

/// A second attempt has the run id of the first, and replaces its rows all the same.
async fn same_run(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_attempts").await?;
    let scope = months("a", &[SEPTEMBER, OCTOBER])?;
    let constants = [("x_run_id", "run-'1'".to_owned()), ("Note", "$1 ? {}".to_owned())];
    for deleted in [4, 2] {
        let rows = source(vec![batch(&ROWS[..1])?, batch(&ROWS[2..3])?])?;
        let staged = warehouse.stage(&dataset, "charges", rows, &constants).await?;
        assert_eq!(staged.rows(), 2);
        let done = staged.replace(&scope).await?;
        assert_eq!((done.inserted, done.deleted), (2, deleted));
    }
    assert_eq!(costs(warehouse, &dataset).await?, ["1", "4"]);
    let prql = "from charges\nfilter x_source_id == 'aws/a'\nselect {x_run_id, Note}\ngroup {x_run_id, Note} (aggregate {rows = count this})";
    let texts = super::fixture::ask(warehouse, &dataset, &Query::new("suite", prql)).await?;
    assert_eq!(texts, ["run-'1'|$1 ? {}|2"]);
    Ok(())
}

/// What a query computes replaces as well, even from the table itself.
async fn computed(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = filled(warehouse, "suite_computed").await?;
    let prql = "from charges\nfilter x_source_id == $source\ngroup {x_source_id, x_billing_month} (\n  aggregate {BilledCost = sum BilledCost, x_charge_date = min x_charge_date}\n)\nselect {BilledCost, x_charge_date, x_source_id, x_billing_month}";
    let query = Query::new("suite", prql).with("source", "aws/a");
    let scope = months("a", &[SEPTEMBER, OCTOBER])?;
    for deleted in [4, 2] {
        let done = warehouse.materialize(&dataset, &query, "charges", &scope).await?;
        assert_eq!((done.inserted, done.deleted), (2, deleted));
        let there = ["aws/a|2024-09-01|11", "aws/a|2024-10-01|4", "aws/other|2024-09-01|100"];
        assert_eq!(all(warehouse, &dataset).await?, there);
    }
    let query = Query::new("suite", "from charges\nselect {Unheard = BilledCost, x_source_id}");
    incompatible(&warehouse.materialize(&dataset, &query, "charges", &scope).await);
    Ok(())
}
