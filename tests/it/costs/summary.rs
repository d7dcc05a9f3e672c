//! Totals against the range before.

use convergence::org::OrgSlug;
use integration_tests::As;
use serde_json::json;

use super::{rows::focus, world::World};

#[tokio::test]
async fn totals_stay_within_their_currency_and_say_what_they_lack() {
    let world = World::new().await;
    let rows = [
        focus("2026-04-01", "0.1", &json!({ "ServiceProviderName": "AWS" })),
        focus("2026-04-02", "0.2", &json!({ "ServiceProviderName": "AWS", "ListCost": null })),
        focus("2026-04-30", "7", &json!({ "BillingCurrency": "EUR", "ListCost": null })),
    ];
    world.load(&["2026-04-01"], &rows).await;

    let billed = world.april("summary").await;
    assert_eq!(billed["totals"][0]["currency"], "EUR");
    assert_eq!(billed["totals"][0]["amount"], "7");
    assert_eq!(billed["totals"][1]["amount"], "0.3", "decimal, not floating");
    assert_eq!(billed["totals"][1]["rows_without_cost"], 0);
    assert_eq!(billed["range"]["days_in"], "UTC");

    let list = world.april("summary?cost=list").await;
    assert_eq!(list["totals"][0]["amount"], json!(null), "unknown is not zero");
    assert_eq!(list["totals"][0]["rows_without_cost"], 1);
    assert_eq!(list["totals"][1]["amount"], "0.1");
    assert_eq!(list["totals"][1]["rows"], 2);
    assert_eq!(list["totals"][1]["rows_without_cost"], 1);
    assert_eq!(list["by_provider"][0]["group"]["ServiceProviderName"], json!(null));
    assert_eq!(list["by_provider"][1]["group"]["ServiceProviderName"], "AWS");
}

#[tokio::test]
async fn whole_months_are_compared_with_whole_months() {
    let world = World::new().await;
    let rows = [
        focus("2026-02-28", "1", &json!({})),
        focus("2026-03-01", "10", &json!({})),
        focus("2026-03-31", "20", &json!({})),
        focus("2026-04-30", "5", &json!({})),
    ];
    world.load(&["2026-02-01", "2026-03-01", "2026-04-01"], &rows).await;

    let april = world.april("summary").await;
    assert_eq!(april["previous_range"]["start_date"], "2026-03-01");
    assert_eq!(april["previous_range"]["end_date"], "2026-03-31");
    assert_eq!(april["totals"][0]["previous"]["amount"], "30");
    assert_eq!(april["totals"][0]["change"], "-25");

    let days = "summary?start_date=2026-03-31&end_date=2026-04-29";
    let days = world.get(days).await.json_of(200);
    assert_eq!(days["previous_range"]["start_date"], "2026-03-01", "as many days");
    assert_eq!(days["totals"][0]["amount"], "20");
    assert_eq!(days["totals"][0]["previous"]["amount"], "10");
}

#[tokio::test]
async fn the_range_is_this_month_where_the_organization_is() {
    let world = World::new().await;
    let pacific = OrgSlug::parse("pacific").unwrap();
    world.onboard(&pacific, "Pacific/Auckland").await;
    let now = "2026-06-30T12:00:00Z";
    world.app.clock.set(now.parse().unwrap());
    let utc = world.get("summary").await.json_of(200);
    assert_eq!(utc["range"]["start_date"], "2026-06-01");
    let there = world.app.get(As::Root, "/api/v1/costs/pacific/summary").send().await.json_of(200);
    assert_eq!(there["range"]["start_date"], "2026-07-01", "it is July there");
    assert_eq!(there["range"]["end_date"], "2026-07-31");
    assert_eq!(there["totals"], json!([]));
    assert_eq!(there["forecast"], json!(null), "absent until it is computed");
}

#[tokio::test]
async fn filters_take_values_literally() {
    let world = World::new().await;
    let rows = [
        focus("2026-04-01", "1", &json!({ "SubAccountName": "/DEPT-1" })),
        focus("2026-04-01", "10", &json!({ "SubAccountName": "/DEPT-10" })),
        focus("2026-04-01", "100", &json!({ "SubAccountName": "/DEPT_1%" })),
        focus("2026-04-01", "1000", &json!({})),
    ];
    world.load(&["2026-04-01"], &rows).await;
    for (filter, expected) in [
        ("SubAccountName=/DEPT-1", "1"),
        ("SubAccountName=/DEPT-1&SubAccountName=/DEPT-10", "11"),
        ("SubAccountName!=/DEPT-1", "1110"),
        ("SubAccountName=", "1000"),
        ("SubAccountName!=", "111"),
        ("SubAccountName!=&SubAccountName!=/DEPT-1", "110"),
        ("SubAccountName^=/DEPT-1", "11"),
        ("SubAccountName^=/DEPT_1", "100"),
        ("SubAccountName~=_1%25", "100"),
        ("SubAccountName~=PT-1", "11"),
        ("SubAccountName~=DEPT&SubAccountName!=/DEPT-10", "101"),
        ("x_billing_month=2026-04-01", "1111"),
    ] {
        let april = world.april(&format!("summary?{filter}")).await;
        assert_eq!(april["totals"][0]["amount"], expected, "{filter}");
    }
    let injected = "SubAccountName=%27%20OR%201%3D1%20--%20%24start";
    assert_eq!(world.april(&format!("summary?{injected}")).await["totals"], json!([]));
}
