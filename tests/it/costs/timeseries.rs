//! Costs over time.

use std::collections::BTreeMap;

use convergence::decimal::Decimal;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use super::{rows::focus, world::World};

fn amount(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_greatest_groups_and_the_rest_are_everything() {
    let world = World::new().await;
    let cost = |at: usize| format!("{at}.000000000000000001");
    let row = |at: usize| {
        let service = (!at.is_multiple_of(7)).then(|| format!("service {}", at % 7));
        let currency = if at.is_multiple_of(5) { "EUR" } else { "USD" };
        let more = json!({
            "ServiceName": service, "BillingCurrency": currency, "ResourceId": format!("r{}", at % 3),
        });
        focus(&format!("2026-04-{:02}", at % 28 + 1), &cost(at), &more)
    };
    world.load(&["2026-04-01"], &(1..200).map(row).collect::<Vec<_>>()).await;
    let mut expected = BTreeMap::<&str, Decimal>::new();
    for at in 1..200 {
        let total = expected.entry(if at % 5 == 0 { "EUR" } else { "USD" }).or_default();
        *total = total.checked_add(cost(at).parse().unwrap()).unwrap();
    }
    for columns in ["ServiceName", "ServiceName,ResourceId", "ServiceCategory", ""] {
        for interval in ["day", "week", "month"] {
            let path = format!("timeseries?group_by={columns}&interval={interval}&top=3");
            let answer = world.april(&path).await;
            let mut totals = BTreeMap::<&str, Decimal>::new();
            for series in answer["series"].as_array().unwrap() {
                let mut points = Decimal::ZERO;
                for point in series["points"].as_array().unwrap() {
                    points = points.checked_add(amount(&point["amount"])).unwrap();
                }
                assert_eq!(points, amount(&series["total"]["amount"]));
                let total = totals.entry(series["currency"].as_str().unwrap()).or_default();
                *total = total.checked_add(points).unwrap();
            }
            assert_eq!(totals, expected, "{path}");
        }
    }
}

#[tokio::test]
async fn groups_are_ranked_in_each_currency_and_the_unknown_name_is_a_group() {
    let world = World::new().await;
    let rows = [
        focus("2026-04-01", "5", &json!({ "ServiceName": "a" })),
        focus("2026-04-02", "4", &json!({ "ServiceName": null })),
        focus("2026-04-03", "3", &json!({ "ServiceName": "c" })),
        focus("2026-04-03", "2", &json!({ "ServiceName": "d" })),
        focus("2026-04-03", "9", &json!({ "ServiceName": "d", "BillingCurrency": "EUR" })),
    ];
    world.load(&["2026-04-01"], &rows).await;
    let answer = world.april("timeseries?group_by=ServiceName&top=2&interval=week").await;
    let series = |at: usize| {
        let series = &answer["series"][at];
        (series["currency"].clone(), series["group"].clone(), series["is_rest"].clone())
    };
    assert_eq!(series(0), (json!("EUR"), json!({ "ServiceName": "d" }), json!(false)));
    assert_eq!(series(1), (json!("USD"), json!({ "ServiceName": "a" }), json!(false)));
    assert_eq!(series(2), (json!("USD"), json!({ "ServiceName": null }), json!(false)));
    assert_eq!(series(3), (json!("USD"), json!({}), json!(true)));
    assert_eq!(answer["series"][3]["total"]["amount"], "5");
    assert_eq!(answer["series"][3]["points"][0]["start_date"], "2026-03-30", "a Monday");
}

proptest! {
    #[test]
    fn intervals_begin_on_or_before_their_days(days in vec(0..20_000_i32, 1..20)) {
        use convergence::costs::Interval;
        use jiff::{ToSpan as _, civil::{Weekday, date}};
        for day in days {
            let day = date(1990, 1, 1).saturating_add(day.days());
            prop_assert_eq!(Interval::Day.start_of(day), day);
            let week = Interval::Week.start_of(day);
            prop_assert_eq!(week.weekday(), Weekday::Monday);
            prop_assert!(week <= day && day < week.saturating_add(7.days()));
            prop_assert_eq!(Interval::Month.start_of(day), day.first_of_month());
        }
    }
}
