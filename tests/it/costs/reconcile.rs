//! The provider's own total of each month against ours.

use std::sync::Arc;

use convergence::warehouse::{Dataset, Fixed, Scope, SourceId};
use jiff::civil::date;
use serde_json::{Value, json};

use super::{
    rows::{batch, focus},
    world::{RUN, World, schema},
};

const TINY: &str = "0.000000000000000001";

/// Puts rows in place of those of April, of one connection to Google Cloud.
async fn april(world: &World, table: &str, rows: &[Value]) {
    world.tables(&world.org, &[table]).await;
    let rows = batch(&schema(table).fields, rows);
    let rows = Arc::new(Fixed::new(rows.schema(), vec![rows]));
    let scope = Scope::months(SourceId::new("gcp", "default"), [date(2026, 4, 1)]);
    let own = Dataset::Org(world.org.clone());
    world.app.state.warehouse.replace(&own, table, &scope, rows).await.unwrap();
    if table.starts_with("focus_") {
        world.roll_up(table, &scope).await;
    }
}

fn billed(day: &str, cost: &str, credits: Option<&str>) -> Value {
    json!({
        "cost": cost, "credits_amount": credits, "currency": "usd", "sku_id": "A",
        "usage_start_time": format!("{day}T00:00:00Z"), "service_description": "Compute Engine",
        "x_source_id": "gcp/default", "x_billing_month": "2026-04-01", "x_charge_date": day,
        "x_run_id": RUN, "x_row": "1",
        "x_billing_period_start": "2026-04-01T07:00:00Z",
        "x_billing_period_end": "2026-05-01T07:00:00Z",
    })
}

fn ours(day: &str, cost: &str) -> Value {
    let more = json!({
        "x_source_id": "gcp/default", "x_billing_month": "2026-04-01", "SkuId": "A",
        "ServiceName": "Compute Engine",
    });
    focus(day, cost, &more)
}

async fn reconciliation(world: &World) -> Vec<Value> {
    world.april("quality").await["reconciliation"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_month_whose_amounts_are_all_there_differs_by_nothing() {
    let world = World::new().await;
    let theirs = [billed("2026-04-01", "10", Some("-0.5")), billed("2026-05-02", TINY, None)];
    april(&world, "gcp_billing_raw", &theirs).await;
    april(&world, "focus_gcp", &[ours("2026-04-01", "9.5"), ours("2026-05-02", TINY)]).await;
    let found = reconciliation(&world).await;
    let total = "9.500000000000000001";
    assert_eq!(
        found,
        [json!({
            "source": "gcp/default", "month": "2026-04-01", "currency": "USD",
            "ours": total, "our_rows": 2, "provider": total, "provider_rows": 2,
            "difference": "0", "passed": true, "compared_with": "gcp_billing_raw", "lines": [],
        })]
    );
}

#[tokio::test]
async fn a_difference_of_the_last_decimal_fails_and_is_found() {
    let world = World::new().await;
    let theirs = [billed("2026-04-01", "10", None), billed("2026-04-09", "3", Some("-1"))];
    april(&world, "gcp_billing_raw", &theirs).await;
    let rows = [ours("2026-04-01", "10"), ours("2026-04-09", "2.000000000000000001")];
    april(&world, "focus_gcp", &rows).await;
    let found = &reconciliation(&world).await[0];
    assert_eq!((&found["difference"], &found["passed"]), (&json!(TINY), &json!(false)));
    assert_eq!(
        found["lines"],
        json!([{
            "charge_date": "2026-04-09",
            "group": { "ServiceName": "Compute Engine", "SkuId": "A", "SubAccountId": null },
            "ours": "2.000000000000000001", "provider": "2", "difference": TINY,
        }])
    );
}

#[tokio::test]
async fn rows_that_were_never_transformed_are_missing_and_others_are_too_many() {
    let world = World::new().await;
    april(&world, "gcp_billing_raw", &[billed("2026-04-01", "10", None)]).await;
    april(&world, "focus_gcp", &[]).await;
    let found = &reconciliation(&world).await[0];
    assert_eq!((&found["ours"], &found["difference"]), (&json!(null), &json!("-10")));
    assert_eq!(found["lines"][0]["ours"], json!(null));

    april(&world, "gcp_billing_raw", &[]).await;
    april(&world, "focus_gcp", &[ours("2026-04-01", "10")]).await;
    let found = &reconciliation(&world).await[0];
    assert_eq!((&found["provider"], &found["difference"]), (&json!("0"), &json!("10")));
    assert_eq!(found["passed"], false);
}

#[tokio::test]
async fn lines_are_few_and_those_furthest_apart_come_first() {
    let world = World::new().await;
    let theirs: Vec<_> =
        (1..=30).map(|day| billed(&format!("2026-04-{day:02}"), &day.to_string(), None)).collect();
    april(&world, "gcp_billing_raw", &theirs).await;
    april(&world, "focus_gcp", &[ours("2026-04-30", "0.5")]).await;
    let lines = reconciliation(&world).await[0]["lines"].as_array().unwrap().clone();
    assert_eq!(lines.len(), 20);
    assert_eq!(
        (&lines[0]["charge_date"], &lines[0]["difference"]),
        (&json!("2026-04-30"), &json!("-29.5"))
    );
}

#[tokio::test]
async fn a_source_of_which_nobody_says_the_total_is_not_called_right() {
    let world = World::new().await;
    world.load(&["2026-04-01"], &[focus("2026-04-01", "1.5", &json!({}))]).await;
    assert_eq!(
        reconciliation(&world).await,
        [json!({
            "source": "focus/default", "month": "2026-04-01", "currency": "USD",
            "ours": "1.5", "our_rows": 1, "provider": null, "provider_rows": 0,
            "difference": null, "passed": null, "compared_with": null, "lines": [],
        })]
    );
}
