//! Which model a name means.

use convergence::pricing::{Missing, TokenKind};

use super::{book, usage};

const MODELS: &str = r#"
  gpt-4o:
    - { input: "1" }
  gpt-4o-2024-08-06:
    - { input: "2" }
  claude-sonnet-4-5-20250301:
    - { input: "3" }
  claude-sonnet-4-5-20250929:
    - { input: "4" }
  ft:gpt-4o:
    - { input: "5" }
"#;

/// The price of a million tokens of what a name means.
fn price(name: &str) -> Option<String> {
    let book = book("openai", MODELS);
    let priced = book.price(&usage(name, TokenKind::Input, 1_000_000));
    priced.ok().map(|priced| priced.amount.to_string())
}

#[test]
fn a_name_means_the_model_that_is_called_so() {
    for (name, expected) in [("gpt-4o", "1"), ("gpt-4o-2024-08-06", "2"), ("ft:gpt-4o", "5")] {
        assert_eq!(price(name).as_deref(), Some(expected), "{name}");
    }
}

#[test]
fn an_edition_that_is_not_listed_costs_what_its_model_costs() {
    assert_eq!(price("gpt-4o-2025-01-31").as_deref(), Some("1"));
    assert_eq!(price("gpt-4o-latest").as_deref(), Some("1"));
}

#[test]
fn a_name_without_an_edition_means_the_newest_edition() {
    assert_eq!(price("claude-sonnet-4-5").as_deref(), Some("4"));
    assert_eq!(price("claude-sonnet-4-5-latest").as_deref(), Some("4"));
    assert_eq!(price("claude-sonnet-4-5-20261231").as_deref(), Some("4"));
}

#[test]
fn capitals_and_the_vendor_before_it_do_not_matter() {
    assert_eq!(price("openai/GPT-4o").as_deref(), Some("1"));
    assert_eq!(price("azure/gpt-4o"), None, "another vendor's is another price");
}

#[test]
fn a_longer_name_is_not_a_shorter_ones() {
    let odd = ["é-2024-08-0", "2024-08-06", "-2024-08-06", "gpt-4o-2024-13-06", "gpt-4o-20241306"];
    let other = ["gpt-4", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", "claude-sonnet-4", "", "-", "o"];
    for name in odd.into_iter().chain(other) {
        assert_eq!(price(name), None, "{name}");
        let book = book("openai", MODELS);
        let missing = book.price(&usage(name, TokenKind::Input, 1)).unwrap_err();
        assert_eq!(missing, Missing::Model);
    }
}
