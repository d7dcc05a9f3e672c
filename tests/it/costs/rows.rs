//! FOCUS rows written as JSON, as the warehouse takes them.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
        TimestampMicrosecondArray,
    },
    datatypes::DataType,
};
use convergence::{
    decimal::Decimal,
    warehouse::{ColumnType, Field},
};
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

/// A row of nothing but the indispensable, with `more` over it.
pub(crate) fn focus(day: &str, cost: &str, more: &Value) -> Value {
    let mut row = json!({
        "BilledCost": cost, "EffectiveCost": cost, "ListCost": cost, "ContractedCost": cost,
        "BillingCurrency": "USD",
        "ChargePeriodStart": format!("{day}T00:00:00Z"),
        "x_source_id": "focus/default",
        "x_billing_month": format!("{}-01", &day[..7]),
        "x_charge_date": day,
        "x_run_id": super::world::RUN,
    });
    for (name, value) in more.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

/// Rows with all columns of a table; absent members are null.
pub(crate) fn batch(fields: &[Field], rows: &[Value]) -> RecordBatch {
    let column = |field: &Field| {
        let values = rows.iter().map(|row| &row[&field.name]);
        if field.kind == ColumnType::Boolean {
            let array: BooleanArray = values.map(Value::as_bool).collect();
            return (field.name.clone(), Arc::new(array) as ArrayRef);
        }
        (field.name.clone(), array(field.kind, values.map(Value::as_str)))
    };
    RecordBatch::try_from_iter_with_nullable(
        fields.iter().map(column).map(|(name, array)| (name, array, true)),
    )
    .unwrap()
}

fn array<'a>(kind: ColumnType, texts: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let micros = |text: &str| text.parse::<Timestamp>().unwrap().as_microsecond();
    match kind {
        ColumnType::String | ColumnType::Boolean => Arc::new(texts.collect::<StringArray>()),
        ColumnType::Integer => {
            Arc::new(texts.map(|t| t.map(|t| t.parse::<i64>().unwrap())).collect::<Int64Array>())
        }
        ColumnType::Bignumeric => Arc::new(
            texts
                .map(|t| t.map(|t| t.parse::<Decimal>().unwrap().scaled()))
                .collect::<Decimal128Array>()
                .with_data_type(DataType::Decimal128(38, 18)),
        ),
        ColumnType::Date => Arc::new(texts.map(|t| t.map(days)).collect::<Date32Array>()),
        ColumnType::Timestamp => Arc::new(
            texts
                .map(|t| t.map(micros))
                .collect::<TimestampMicrosecondArray>()
                .with_timezone("UTC"),
        ),
    }
}

fn days(text: &str) -> i32 {
    let epoch: Date = "1970-01-01".parse().unwrap();
    (text.parse::<Date>().unwrap() - epoch).get_days()
}
