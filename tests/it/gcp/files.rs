//! Forms of files, and rows that cannot be used.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Float64Array, ListArray, RecordBatch, StringArray, StructArray},
    buffer::OffsetBuffer,
    datatypes::{DataType, Field, Fields},
};
use parquet::arrow::ArrowWriter;
use serde_json::json;
use tempfile::NamedTempFile;

use super::{open, read, written};

const HEADER: &str = "cost,currency,usage_start_time,usage_end_time,invoice_month,credits\n";

#[test]
fn json_lines_as_bigquery_exports_them() {
    let row = |cost: &str| {
        let row = json!({
            "billing_account_id": "A", "service": { "id": "S", "description": "BigQuery" },
            "usage_start_time": "2026-04-01 01:00:00 UTC", "cost": 0, "currency": "USD",
            "usage": { "amount": 2.5, "unit": "byte" }, "invoice": { "month": "202603" },
            "project": { "id": "p", "labels": [{ "key": "team", "value": "x" }] },
            "labels": [{ "key": "team", "value": "y" }],
            "credits": [
                { "name": "free", "amount": -0.1, "type": "FREE_TIER", "id": "1" },
                { "name": "promo", "amount": -0.2, "type": "PROMOTION", "id": "2" },
            ],
        });
        row.to_string().replace("\"cost\":0,", &format!("\"cost\":{cost},"))
    };
    // More digits than a double has, and an exponent.
    let file = written(&format!("{}\n{}\n", row("0.1234567890123456789e1"), row("\"1E-18\"")));
    let all = read(file.path());
    assert_eq!(all.rejects, []);
    let text = |amount: &Option<_>| amount.map(|it: convergence::decimal::Decimal| it.to_string());
    let costs: Vec<_> = all.amounts("cost").iter().map(text).collect();
    let some = |text: &str| Some(text.to_owned());
    let expected =
        [some("1.234567890123456789"), None, None, some("0.000000000000000001"), None, None];
    assert_eq!(costs, expected);
    let credits: Vec<_> = all.amounts("credits_amount").iter().map(text).collect();
    assert_eq!(credits[..3], [None, some("-0.1"), some("-0.2")]);
    assert_eq!(all.texts("service_description")[1], some("BigQuery"));
    assert_eq!(all.texts("x_tags")[0], some(r#"{"project/team":"x","team":"y"}"#));
    assert_eq!(all.texts("invoice_month")[0], some("202603"), "a usage day of another month");
}

#[test]
fn flattened_csv_with_dots_or_underscores() {
    let text = "cost,currency,usage_start_time,service.description,credits_name,credits_amount\n\
                1,EUR,2026-04-01,Cloud Storage,free,-0.25\n2,EUR,2026-04-02,,,\n";
    let all = read(written(text).path());
    assert_eq!(all.rejects, []);
    assert_eq!(all.amounts("cost").iter().flatten().count(), 2);
    assert_eq!(all.amounts("credits_amount").iter().flatten().count(), 1);
    let services = all.texts("service_description");
    assert_eq!(services[..2], [Some("Cloud Storage".to_owned()), Some("Cloud Storage".to_owned())]);
    assert_eq!(services[2], None);
}

#[test]
fn parquet_with_nested_columns() {
    let fields = Fields::from(vec![
        Field::new("name", DataType::Utf8, true),
        Field::new("amount", DataType::Float64, true),
    ]);
    let credits: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["a", "b"])),
        Arc::new(Float64Array::from(vec![-0.1, -0.3])),
    ];
    let credits = StructArray::new(fields.clone(), credits, None);
    let item = Arc::new(Field::new("item", DataType::Struct(fields), true));
    let list = ListArray::new(item, OffsetBuffer::from_lengths([2, 0]), Arc::new(credits), None);
    let batch = RecordBatch::try_from_iter([
        ("cost", Arc::new(Float64Array::from(vec![0.1, 0.7])) as ArrayRef),
        ("currency", Arc::new(StringArray::from(vec!["USD", "USD"])) as ArrayRef),
        ("usage_start_time", Arc::new(StringArray::from(vec!["2026-04-01"; 2])) as ArrayRef),
        ("credits", Arc::new(list) as ArrayRef),
    ])
    .unwrap();
    let mut file = NamedTempFile::new().unwrap();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let all = read(file.path());
    let text = |amounts: Vec<Option<convergence::decimal::Decimal>>| {
        amounts.into_iter().flatten().map(|amount| amount.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(text(all.amounts("cost")), ["0.1", "0.7"], "the shortest text of a double");
    assert_eq!(text(all.amounts("credits_amount")), ["-0.1", "-0.3"]);
}

#[test]
fn a_row_that_cannot_be_used_goes_with_all_its_credits() {
    for (row, reason) in [
        ("NaN,USD,2026-04-01,,202604,", "`cost` is `NaN`: not a number"),
        (",USD,2026-04-01,,202604,", "`cost` is missing"),
        ("1,,2026-04-01,,202604,", "`currency` is missing"),
        ("1,USD,,,202604,", "`usage_start_time` is missing"),
        ("1,USD,2026-04-31,,202604,", "not a moment"),
        ("1,USD,2026-04-01,soon,202604,", "`usage_end_time` is `soon`, not a moment"),
        ("1,USD,2026-04-01,,202613,", "not a month as in 202604"),
        ("1,USD,2026-04-01,,202604,[{]", "`credits` is no JSON"),
        ("1,USD,2026-04-01,,202604,\"[{\"\"name\"\":\"\"x\"\"}]\"", "a credit has no amount"),
        ("1,USD,2026-04-01,,202604,\"[{\"\"amount\"\":\"\"1e400\"\"}]\"", "too many digits"),
        ("1,USD,2026-04-01,,202604", "columns"),
    ] {
        let good = "2,USD,2026-04-01,,202604,\"[{\"\"amount\"\":-1}]\"";
        let all = read(written(&format!("{HEADER}{row}\n{good}\n")).path());
        assert_eq!(all.amounts("cost").len(), 2, "{row}: the good row and its credit");
        assert_eq!(all.rejects.len(), 1, "{row}");
        assert_eq!(all.rejects[0].row_number, 2);
        let found = &all.rejects[0].reason;
        assert!(found.contains(reason) || reason == "columns", "{row}: {found}");
    }
}

#[test]
fn what_is_no_export_is_refused_whole() {
    let focus = written("BilledCost,BillingCurrency,ChargePeriodStart\n1,USD,2026-04-01\n");
    let refused = open(focus.path()).map(|_| ()).unwrap_err();
    assert_eq!(refused.code, "missing_column");
    assert!(refused.message.contains("usage_start_time"), "{}", refused.message);
}
