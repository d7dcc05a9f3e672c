//! An organization's own prices: over the shipped ones on their days, and their gaps.

use convergence::pricing::{Missing, OwnPrices, TokenKind, Usage};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{usage, with_own};

fn own(periods: Value) -> OwnPrices {
    serde_json::from_value(periods).unwrap()
}

fn period(from: &str, until: Option<&str>, input: &str) -> Value {
    json!({ "from": from, "until": until, "currency": "EUR", "prices": [{ "input": input }] })
}

fn on(day: Date, model: &str, prices: &OwnPrices) -> Result<(String, String, bool), Missing> {
    let book = with_own(model, prices);
    let usage = Usage { day, ..usage(model, TokenKind::Input, 1_000_000) };
    let found = book.price(&usage)?;
    Ok((found.amount.to_string(), found.currency.to_owned(), found.own))
}

#[test]
fn own_prices_hold_on_their_days_and_the_shipped_ones_on_all_others() {
    let prices = own(json!([
        period("2026-02-01", Some("2026-02-28"), "2"),
        period("2026-04-01", None, "1"),
    ]));
    let of = |day| on(day, "m", &prices).unwrap();
    let shipped = ("3".to_owned(), "USD".to_owned(), false);
    let ours = |input: &str| (input.to_owned(), "EUR".to_owned(), true);
    assert_eq!(of(date(2026, 1, 31)), shipped);
    assert_eq!(of(date(2026, 2, 1)), ours("2"));
    assert_eq!(of(date(2026, 2, 28)), ours("2"));
    assert_eq!(of(date(2026, 3, 1)), shipped);
    assert_eq!(of(date(2026, 4, 1)), ours("1"));
    assert_eq!(of(date(2036, 4, 1)), ours("1"));
}

#[test]
fn a_day_between_own_prices_of_a_model_that_is_not_shipped_has_no_price() {
    let prices = own(json!([
        period("2026-02-01", Some("2026-02-28"), "2"),
        period("2026-03-03", None, "1"),
    ]));
    assert_eq!(on(date(2026, 3, 2), "ours", &prices), Err(Missing::Day));
    assert_eq!(on(date(2026, 1, 1), "ours", &prices), Err(Missing::Day));
    assert!(on(date(2026, 3, 3), "ours", &prices).is_ok());
    let gaps = prices.gaps();
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].from, gaps[0].until), (date(2026, 3, 1), date(2026, 3, 2)));
    let whole = own(json!([
        period("2026-02-01", Some("2026-02-28"), "2"),
        period("2026-03-01", None, "1"),
    ]));
    assert_eq!(whole.gaps(), []);
}

#[test]
fn two_prices_on_one_day_and_prices_that_end_before_they_begin_are_mistakes() {
    let overlap = own(json!([period("2026-02-01", None, "2"), period("2026-03-01", None, "1")]));
    assert_eq!(overlap.mistakes()[0].0, "periods");
    let backwards = own(json!([period("2026-02-01", Some("2026-01-01"), "2")]));
    assert_eq!(backwards.mistakes()[0].0, "periods[0].until");
    let mut unknown = own(json!([period("2026-02-01", None, "2")]));
    "XXQ".clone_into(&mut unknown.0[0].currency);
    assert_eq!(unknown.mistakes()[0].0, "periods[0].currency");
    assert_eq!(own(json!([period("2026-02-01", None, "2")])).mistakes(), []);
}
