//! The summary in an organization's own currency, beside the totals in those that were billed.

use convergence::{decimal::Decimal, entities::Organization, store::StoreExt as _};
use integration_tests::As;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::costs::{rows::focus, world::World};

async fn summary(world: &World) -> Value {
    let path = "/api/v1/costs/acme/summary?start_date=2026-03-01&end_date=2026-04-30";
    world.app.get(As::Root, path).send().await.json_of(200)
}

/// Gives the organization another currency.
async fn reports_in(world: &World, currency: &str) {
    let state = &world.app.state;
    let key = Organization::key(&world.org);
    let mut held =
        state.store.find::<Organization>(&key, state.clock.now()).await.unwrap().unwrap();
    currency.clone_into(&mut held.value.currency);
    state.store.commit(vec![held.replace().unwrap()]).await.unwrap();
    world.app.clock.advance(SignedDuration::from_mins(1));
}

fn billed(day: &str, amount: &str, currency: &str) -> Value {
    focus(day, amount, &json!({ "BillingCurrency": currency }))
}

#[tokio::test]
async fn each_month_is_converted_by_its_own_rate_and_the_rates_are_shown() {
    let world = World::new().await;
    let rows = [
        billed("2026-03-31", "100", "EUR"),
        billed("2026-04-01", "100", "EUR"),
        billed("2026-04-02", "0.1", "USD"),
    ];
    world.load(&["2026-03-01", "2026-04-01"], &rows).await;
    let found = summary(&world).await;
    assert_eq!(found["totals"][0]["amount"], "200", "what was billed stays as it was billed");
    let reporting = &found["reporting"];
    assert_eq!((&reporting["currency"], &reporting["missing"]), (&json!("USD"), &json!([])));
    let rates = reporting["rates"].as_array().unwrap();
    let decimal = |text: &Value| text.as_str().unwrap().parse::<Decimal>().unwrap();
    let hundred = |at: usize| decimal(&rates[at]["rate"]).checked_times(100).unwrap();
    assert_eq!(rates.len(), 2, "one for each month and pair: {rates:?}");
    assert_eq!(
        (&rates[0]["month"], &rates[0]["date"]),
        (&json!("2026-03-01"), &json!("2026-02-27"))
    );
    assert_eq!((&rates[1]["from"], &rates[1]["to"]), (&json!("EUR"), &json!("USD")));
    let euros = hundred(0).checked_add(hundred(1)).unwrap();
    let expected = euros.checked_add(decimal(&json!("0.1"))).unwrap();
    assert_eq!(decimal(&reporting["amount"]), expected);
}

#[tokio::test]
async fn a_total_with_a_part_that_has_no_rate_is_unknown_and_says_which() {
    let world = World::new().await;
    let rows = [billed("2026-04-01", "1", "USD"), billed("2026-04-01", "7", "credits")];
    world.load(&["2026-04-01"], &rows).await;
    let reporting = summary(&world).await["reporting"].clone();
    assert_eq!(reporting["amount"], json!(null));
    assert_eq!(reporting["missing"], json!([{ "currency": "credits", "month": "2026-04-01" }]));
}

#[tokio::test]
async fn another_reporting_currency_is_another_answer() {
    let world = World::new().await;
    world.load(&["2026-04-01"], &[billed("2026-04-01", "1", "USD")]).await;
    assert_eq!(summary(&world).await["reporting"]["amount"], "1");
    reports_in(&world, "EUR").await;
    let reporting = summary(&world).await["reporting"].clone();
    assert_eq!(reporting["currency"], "EUR");
    assert_eq!(reporting["rates"][0]["from"], "USD");
    assert!(reporting["amount"].as_str().unwrap().starts_with("0.8"), "{reporting}");
}

#[tokio::test]
async fn nothing_has_no_total() {
    let world = World::new().await;
    let reporting = summary(&world).await["reporting"].clone();
    assert_eq!(reporting["amount"], json!(null));
    assert_eq!((&reporting["rates"], &reporting["missing"]), (&json!([]), &json!([])));
}
