//! What has no price is said to have none; files with mistakes are refused, each mistake named.

use std::collections::BTreeMap;

use convergence::{
    configs::Configs,
    pricing::{Book, Missing, Tier, TokenKind, Usage, read_all},
};

use super::{DAY, book, usage};

#[test]
fn a_missing_price_is_missing_and_never_nothing() {
    let book = book("p", "  m:\n    - { input: \"1\", cache_read: \"0\" }\n");
    let price = |usage: Usage<'_>| book.price(&usage).map(|priced| priced.amount.to_string());
    assert_eq!(price(usage("m", TokenKind::CacheRead, 5)), Ok("0".to_owned()), "free is a price");
    let output = usage("m", TokenKind::Output, 1);
    assert_eq!(price(output), Err(Missing::Kind(TokenKind::Output)));
    let none = usage("m", TokenKind::Output, 0);
    assert_eq!(price(none), Ok("0".to_owned()), "no tokens need no price");
    let batch = Usage { tier: Tier::Batch, ..usage("m", TokenKind::Input, 1) };
    assert_eq!(price(batch), Err(Missing::Tier(Tier::Batch)));
    assert_eq!(price(usage("n", TokenKind::Input, 1)), Err(Missing::Model));
    assert_eq!(
        Missing::Kind(TokenKind::Output).to_string(),
        "there is no price of `output` tokens"
    );
}

#[test]
fn an_empty_book_has_no_price_of_anything() {
    let book = Book::new("p", None, &BTreeMap::new());
    assert_eq!(book.price(&usage("m", TokenKind::Input, 1)).unwrap_err(), Missing::Model);
}

#[test]
fn long_prompts_cost_what_their_step_says_and_where_it_says_nothing_what_shorter_ones_do() {
    let book = book(
        "p",
        "  m:\n    - { input: \"1\", output: \"10\" }\n    - { above: 200000, input: \"2\" }\n    - { above: 400000, input: \"4\", output: \"40\" }\n",
    );
    let of = |context, kind| {
        let usage = Usage { context, ..usage("m", kind, 1_000_000) };
        book.price(&usage).unwrap().amount.to_string()
    };
    let at = |context| (of(context, TokenKind::Input), of(context, TokenKind::Output));
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(at(0), pair("1", "10"));
    assert_eq!(at(200_000), pair("1", "10"));
    assert_eq!(at(200_001), pair("2", "10"));
    assert_eq!(at(400_001), pair("4", "40"));
}

#[test]
fn the_smallest_price_of_one_token_is_exact_and_too_much_is_told() {
    let book =
        book("p", "  m:\n    - { input: \"0.000000000001\", output: \"99999999999999999999\" }\n");
    let one = book.price(&usage("m", TokenKind::Input, 1)).unwrap();
    assert_eq!(one.amount.to_string(), "0.000000000000000001");
    let much = book.price(&usage("m", TokenKind::Output, u64::MAX));
    assert_eq!(much.unwrap_err(), Missing::TooLarge);
    let day = Usage { day: DAY, ..usage("m", TokenKind::Output, 1) };
    assert!(book.price(&day).is_ok());
}

#[test]
fn every_mistake_of_a_file_is_named_with_its_model() {
    let text = r#"source: a test
as_of: 2026-01-01
currency: USD
models:
  a:
    - { input: "-1" }
    - { input: "0.1234567890123" }
  b:
    - { tier: batch, above: 100, input: "1" }
    - { tier: batch, above: 100, input: "2" }
  c: []
  d:
    - { tier: flex }
"#;
    let mistakes = read_all(&Configs::of([("prices/p.yml".to_owned(), text.to_owned())]));
    insta::assert_snapshot!(mistakes.unwrap_err().join("\n"), @r"
    prices/p.yml: a: `input` is not negative and has at most 12 decimals
    prices/p.yml: a: `standard` above 0 tokens stands here twice
    prices/p.yml: a: `input` is not negative and has at most 12 decimals
    prices/p.yml: b: `batch` above 100 tokens stands here twice
    prices/p.yml: c: there is no price at all
    prices/p.yml: d: `flex` has no price at all
    ");
    for text in [
        "",
        "models: {}",
        "source: a\nas_of: 2026-01-01\ncurrency: USD\nmodels: { m: [{ inputs: '1' }] }",
    ] {
        let files = Configs::of([("prices/p.yml".to_owned(), text.to_owned())]);
        assert!(read_all(&files).is_err(), "{text}");
    }
}

#[test]
fn a_tier_that_has_a_price_for_long_prompts_only_has_none_for_short_ones() {
    let book = book("p", "  m:\n    - { tier: flex, above: 272000, input: \"2\" }\n");
    let of = |context| {
        let usage = Usage { tier: Tier::Flex, context, ..usage("m", TokenKind::Input, 1_000_000) };
        book.price(&usage).map(|priced| priced.amount.to_string())
    };
    assert_eq!(of(272_001), Ok("2".to_owned()));
    assert_eq!(of(272_000), Err(Missing::Tier(Tier::Flex)));
}
