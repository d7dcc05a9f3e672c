//! Amounts are exact on their way in, in sums and on their way out.

use arrow::array::AsArray as _;
use arrow::datatypes::Decimal128Type as Money;
use convergence::{
    decimal::Decimal,
    warehouse::{ParamValue, Query, Warehouse as _},
};
use proptest::prelude::*;

use super::fixture::{Place, ask, january, place, rows};

/// Amounts of every size whose sum stays within 38 digits.
fn amounts() -> impl Strategy<Value = Vec<i128>> {
    let amount = (0_u32..37, any::<i128>()).prop_map(|(digits, raw)| raw % 10_i128.pow(digits));
    prop::collection::vec(amount, 1..50)
}

async fn check(place: &Place, amounts: &[i128]) -> anyhow::Result<()> {
    place.db.replace(&place.org, "charges", &january(), rows(amounts)?).await?;
    let decimal = |scaled: &i128| Decimal::from_scaled(*scaled).ok_or(anyhow::anyhow!("digits"));
    let values = amounts.iter().map(decimal).collect::<anyhow::Result<Vec<_>>>()?;
    let sum = values.iter().try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value));
    let sum = sum.ok_or(anyhow::anyhow!("too many digits"))?;
    let total = ask(&place.db, &place.org, "from charges | aggregate {t = sum BilledCost}").await?;
    assert_eq!(total, [sum.to_string()]);

    let each = ask(&place.db, &place.org, "from charges | select {BilledCost}").await?;
    let mut wanted: Vec<String> = values.iter().map(Decimal::to_string).collect();
    wanted.sort_unstable();
    assert_eq!(each, wanted);

    // As a parameter an amount is the same amount.
    let equal = "from charges | filter BilledCost == $it | aggregate {rows = count this}";
    let query = Query::new("test", equal).with("it", ParamValue::Decimal(values[0]));
    let found = convergence::testing::lines(&place.db.query(&place.org, &query).await?.batches)?;
    let same = values.iter().filter(|value| **value == values[0]).count();
    assert_eq!(found, [same.to_string()]);
    Ok(())
}

#[test]
fn duckdb_adds_as_we_do() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let place = runtime.block_on(place()).unwrap();
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() };
    proptest!(config, |(amounts in amounts())| {
        runtime.block_on(check(&place, &amounts)).unwrap();
    });
}

#[tokio::test]
async fn whole_numbers_scale_amounts_exactly() {
    let place = place().await.unwrap();
    place.db.replace(&place.org, "charges", &january(), rows(&[1, -3]).unwrap()).await.unwrap();
    let query = Query::new("test", "from charges | aggregate {t = sum (BilledCost * 1000)}");
    let answer = place.db.query(&place.org, &query).await.unwrap();
    let total = answer.batches[0].column(0).as_primitive::<Money>();
    assert_eq!(total.value(0), -2000, "{:?}", answer.schema);
}
