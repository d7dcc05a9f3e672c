//! A few rows at a time, with nulls, lists and exact amounts.

use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};

use super::fixture::{all, ask, decimals, fresh, full, incompatible};
use crate::{
    decimal::Decimal,
    warehouse::{Dataset, Query, Warehouse, WarehouseError},
};

pub(super) async fn cases(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    every_type(warehouse).await?;
    refusals(warehouse).await?;
    exact(warehouse).await
}

async fn every_type(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_append").await?;
    warehouse.append(&dataset, "charges", full()?).await?;
    let prql = "from charges\nselect {x_source_id, x_billing_month, x_charge_date, BilledCost, Note, At, Quantity, Live}";
    let rows = ask(warehouse, &dataset, &Query::new("suite", prql)).await?;
    let first = "aws/a|null|2024-09-10|-0.000000000000000005|O'Brien \"x\" \\ $1 é|2024-09-10T20:26:40.123456Z|9223372036854775807|true";
    assert_eq!(rows, [first, "aws/b|null|null|null|null|null|null|null"]);
    let prql = "from charges\nfilter x_source_id == 'aws/a'\nselect Labels";
    assert_eq!(ask(warehouse, &dataset, &Query::new("suite", prql)).await?, ["[a, b, c]"]);

    // Appending is adding: the same rows again are there twice.
    warehouse.append(&dataset, "charges", full()?).await?;
    assert_eq!(all(warehouse, &dataset).await?.len(), 4);
    Ok(())
}

async fn refusals(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_misfits").await?;
    let source = || Arc::new(StringArray::from(vec!["aws/a"])) as ArrayRef;
    let finer = Decimal128Array::from(vec![1]).with_precision_and_scale(38, 20)?;
    let misfits: [(&str, ArrayRef); 4] = [
        ("Unheard", source()),
        ("BilledCost", Arc::new(finer)),
        ("Note", Arc::new(Int64Array::from(vec![1]))),
        ("x_charge_date", source()),
    ];
    for (name, column) in misfits {
        let batch = RecordBatch::try_from_iter([("x_source_id", source()), (name, column)])?;
        incompatible(&warehouse.append(&dataset, "charges", batch).await);
    }
    let without = RecordBatch::try_from_iter([("Note", source())])?;
    incompatible(&warehouse.append(&dataset, "charges", without).await);
    let null = Arc::new(StringArray::from(vec![Some("aws/a"), None])) as ArrayRef;
    let null = RecordBatch::try_from_iter_with_nullable([("x_source_id", null, true)])?;
    incompatible(&warehouse.append(&dataset, "charges", null).await);
    let nowhere = warehouse.append(&dataset, "nowhere", full()?).await;
    assert!(matches!(nowhere, Err(WarehouseError::NoSuchTable(_))), "{nowhere:?}");
    assert!(all(warehouse, &dataset).await?.is_empty(), "a refused batch left rows");
    Ok(())
}

/// All 38 digits come back, and sums are exact.
async fn exact(warehouse: &dyn Warehouse) -> anyhow::Result<()> {
    let dataset = fresh(warehouse, "suite_exact").await?;
    let texts = [
        "99999999999999999999.999999999999999999",
        "-99999999999999999999.999999999999999999",
        "12345678901234567890.123456789012345678",
        "-0.000000000000000001",
        "0.1",
        "0.2",
    ];
    let values = texts.iter().map(|text| text.parse()).collect::<Result<Vec<Decimal>, _>>()?;
    add(warehouse, &dataset, &values).await?;
    let query = Query::new("suite", "from charges\nselect BilledCost");
    let mut wanted = texts.map(str::to_owned);
    wanted.sort_unstable();
    assert_eq!(ask(warehouse, &dataset, &query).await?, wanted);
    let prql = "from charges\naggregate {total = sum BilledCost, known = sum_known Quantity}";
    let total = ask(warehouse, &dataset, &Query::new("suite", prql)).await?;
    assert_eq!(total, ["12345678901234567890.423456789012345677|null"]);
    Ok(())
}

async fn add(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    values: &[Decimal],
) -> anyhow::Result<()> {
    let sources = Arc::new(StringArray::from(vec!["aws/a"; values.len()])) as ArrayRef;
    let columns = [("x_source_id", sources), ("BilledCost", decimals(values)?)];
    Ok(warehouse.append(dataset, "charges", RecordBatch::try_from_iter(columns)?).await?)
}
