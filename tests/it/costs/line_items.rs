//! Rows in pages.

use std::collections::BTreeMap;

use serde_json::json;

use super::{rows::focus, world::World};

#[tokio::test]
async fn pages_have_every_row_once_even_equal_ones() {
    let world = World::new().await;
    let row = |at: usize| {
        // Each row three times, over several days, in another order than they are shown.
        let day = [3, 1, 7, 2, 2][at % 5];
        let more = json!({ "SkuId": format!("sku {}", at / 3), "Tags": "{\"team\":\"a\"}" });
        focus(&format!("2026-04-{day:02}"), "1.5", &more)
    };
    let rows: Vec<_> = (0..60).map(row).chain((0..60).map(row)).collect();
    world.load(&["2026-04-01"], &rows).await;
    for limit in [1, 7, 40, 500] {
        let (mut seen, mut days, mut cursor) = (BTreeMap::new(), Vec::new(), String::new());
        loop {
            let page = world.april(&format!("line-items?limit={limit}{cursor}")).await;
            assert_eq!(page["rows"], 120);
            for item in page["items"].as_array().unwrap() {
                assert_eq!(item["Tags"], json!({ "team": "a" }));
                days.push(item["x_charge_date"].as_str().unwrap().to_owned());
                *seen.entry(item.to_string()).or_insert(0) += 1;
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.values().sum::<i32>(), 120, "{limit}");
        let mut expected = BTreeMap::new();
        for row in &rows {
            *expected
                .entry(row["x_charge_date"].to_string() + &row["SkuId"].to_string())
                .or_insert(0) += 1;
        }
        assert_eq!(seen.len(), expected.len(), "{limit}");
        assert!(days.is_sorted_by(|a, b| a >= b), "the latest day first");
    }
}

#[tokio::test]
async fn filters_and_ranges_leave_rows_out() {
    let world = World::new().await;
    let rows = [
        focus("2026-03-31", "1", &json!({ "x_billing_month": "2026-04-01" })),
        focus("2026-04-01", "2", &json!({ "SkuId": "a" })),
        focus("2026-04-30", "3", &json!({ "SkuId": "b" })),
    ];
    world.load(&["2026-04-01"], &rows).await;
    let april = world.april("line-items?SkuId=b").await;
    assert_eq!(april["rows"], 1);
    assert_eq!(april["items"][0]["BilledCost"], "3");
    assert_eq!(april["items"][0]["ChargePeriodStart"], "2026-04-30T00:00:00Z");
    assert_eq!(april["items"][0]["ListUnitPrice"], json!(null));
    let nothing = world.april("line-items?SkuId=c").await;
    assert_eq!((&nothing["rows"], &nothing["items"]), (&json!(0), &json!([])));
}
