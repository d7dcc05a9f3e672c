//! Questions: the prelude, mistakes, large answers.

use arrow::array::RecordBatch;
use futures::TryStreamExt as _;

use super::fixture::{ask, batch, charge, fresh, months, put, source};
use crate::warehouse::{Dataset, Query, Warehouse, WarehouseError};

const MONTH: &str = "2024-09-01";

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    prelude(warehouse).await?;
    mistakes(warehouse).await?;
    large(warehouse).await
}

async fn prelude(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_prelude").await?;
    let rows = [
        charge("aws/a", MONTH, "2024-09-15", "1"),
        charge("aws/a", MONTH, "2024-09-16", "3"),
        charge("aws/b", MONTH, "2024-10-16", "5"),
    ];
    put(warehouse, &dataset, &months("a", &[MONTH])?, &rows).await?;
    let ask = async |prql: &str| ask(warehouse, &dataset, &Query::new("suite", prql)).await;

    let none = "from charges\nfilter x_source_id == 'nobody'\naggregate {s = sum BilledCost, k = sum_known BilledCost, n = count this}";
    assert_eq!(ask(none).await?, ["0|null|0"], "unknown is not zero");
    let newest = "from charges\ngroup {x_source_id} (sort {-x_charge_date, BilledCost} | take 1)\nselect {x_source_id, BilledCost}";
    assert_eq!(ask(newest).await?, ["aws/a|3", "aws/b|5"]);
    let by_month = "from charges\nderive {month = month_of x_charge_date}\ngroup {month} (aggregate {total = sum BilledCost, large = count_where (BilledCost > 2)})";
    assert_eq!(ask(by_month).await?, ["2024-09-01|4|1", "2024-10-01|5|1"]);
    let whole = "from charges\naggregate {q = sum_known Quantity, a = sum_known (amount Quantity)}";
    assert_eq!(ask(whole).await?, ["null|null"]);
    Ok(())
}

async fn mistakes(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_mistakes").await?;
    let text = "from charges\nfilter x_source_id == $source";
    let queries = [
        Query::new("suite", "from charges\nnonsense 5"),
        Query::new("suite", "from charges\nfilter Unheard == 5"),
        Query::new("suite", "from nowhere"),
        Query::new("suite", "from charges\nselect {half = BilledCost / 2}"),
        Query::new("suite", text),
        Query::new("suite", text).with("source", "aws/a").with("other", 1),
    ];
    for query in queries {
        let asked = warehouse.query(&dataset, &query).await;
        assert!(matches!(asked, Err(WarehouseError::Query(_))), "{}: {asked:?}", query.prql);
        let asked = warehouse.stream(&dataset, &query).await.map(|rows| rows.schema);
        assert!(matches!(asked, Err(WarehouseError::Query(_))), "{}: {asked:?}", query.prql);
    }
    Ok(())
}

/// A stream gives the same rows, with the same columns, and may be left early.
async fn large(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_large").await?;
    let many = batch(&vec![charge("aws/a", MONTH, "2024-09-02", "0.1"); 20_000])?;
    let rows = source(vec![many.clone(), many.slice(0, 5), many])?;
    let done = warehouse.replace(&dataset, "charges", &months("a", &[MONTH])?, rows).await?;
    assert_eq!(done.inserted, 40_005);
    let query = Query::new("suite", "from charges\nselect {BilledCost, x_source_id}");
    let counted = streamed(warehouse, &dataset, &query).await?;
    assert_eq!(counted.iter().map(RecordBatch::num_rows).sum::<usize>(), 40_005);
    let answer = warehouse.query(&dataset, &query).await?;
    assert_eq!(counted[0].schema(), answer.schema);

    for _ in 0..20 {
        let mut left = warehouse.stream(&dataset, &query).await?.batches;
        assert!(left.try_next().await?.is_some());
    }
    let total = Query::new("suite", "from charges\naggregate {total = sum BilledCost}");
    assert_eq!(ask(warehouse, &dataset, &total).await?, ["4000.5"]);
    Ok(())
}

async fn streamed(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    query: &Query,
) -> anyhow::Result<Vec<RecordBatch>> {
    let rows = warehouse.stream(dataset, query).await?;
    let batches: Vec<_> = rows.batches.try_collect().await?;
    assert!(batches.iter().all(|batch| batch.schema() == rows.schema));
    Ok(batches)
}
