//! Pages of rows that could not be used.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use integration_tests::TestApp;
use serde_json::{Value, json};

use super::http::{Tenant, file, tenant};

/// Adds rejects of line 4 to those of a run, by their ordinals.
async fn add(app: &TestApp, acme: &Tenant<'_>, run: &Value, ordinals: &[Option<i64>]) {
    let same = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text; ordinals.len()])) };
    // The clock of the tests stands at 2026-07-01.
    let day = (jiff::civil::date(2026, 7, 1) - jiff::civil::date(1970, 1, 1)).get_days();
    let reasons = ordinals.iter().map(|it| format!("reason {}", it.unwrap_or_default()));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("x_source_id", same("focus/default")),
        ("x_run_id", same(run["run_id"].as_str().unwrap())),
        ("ingestion_date", Arc::new(Date32Array::from(vec![day; ordinals.len()]))),
        ("step_id", same("import")),
        ("row_number", Arc::new(Int64Array::from(vec![4; ordinals.len()]))),
        ("ordinal", Arc::new(Int64Array::from(ordinals.to_vec()))),
        ("reason", Arc::new(StringArray::from_iter_values(reasons))),
    ];
    let rows = RecordBatch::try_from_iter(columns).unwrap();
    app.state.warehouse.append(&acme.dataset(), "rejected_rows", rows).await.unwrap();
}

#[tokio::test]
async fn several_rejects_of_one_line_are_listed_whatever_the_size_of_a_page() {
    let app = TestApp::new().await;
    let acme = tenant(&app, "acme").await;
    // Lines 3 and 5 cannot be used; of line 4 there are three, the first kept without ordinal.
    let run = acme.import(&file("2026-05", &["1", "NaN", "2", "NaN"]), json!({})).await;
    add(&app, &acme, &run, &[Some(2), None, Some(1)]).await;
    let rest = format!("runs/{}/rejected-rows", run["run_id"].as_str().unwrap());
    for limit in 1..=6 {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = acme.get(&format!("{rest}?limit={limit}{cursor}")).await;
            seen.extend(page["items"].as_array().unwrap().iter().map(|row| {
                (row["row_number"].as_u64().unwrap(), row["reason"].as_str().unwrap().to_owned())
            }));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let nan = "BilledCost: not a number";
        let expected = [(3, nan), (4, "reason 0"), (4, "reason 1"), (4, "reason 2"), (5, nan)];
        let expected = expected.map(|(line, reason)| (line, reason.to_owned()));
        assert_eq!(seen, expected, "{limit} a page");
    }
}
