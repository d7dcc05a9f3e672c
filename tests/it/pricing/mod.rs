//! Prices of tokens: as shipped, an organization's own, and how usage is priced by them.

mod http;
mod maps;
mod names;
mod own;
mod refusals;

use std::collections::BTreeMap;

use convergence::{
    configs::Configs,
    pricing::{Book, OwnPrices, PriceFile, Tier, TokenKind, Usage, read_all},
};
use jiff::civil::{Date, date};

const DAY: Date = date(2026, 7, 1);

fn shipped() -> BTreeMap<String, PriceFile> {
    read_all(&Configs::embedded()).unwrap()
}

/// A book of one file, without own prices.
fn book(provider: &str, models: &str) -> Book {
    let text = format!("source: a test\nas_of: 2026-01-01\ncurrency: USD\nmodels:\n{models}");
    let path = format!("prices/{provider}.yml");
    let files = read_all(&Configs::of([(path, text)])).unwrap();
    Book::new(provider, files.get(provider), &BTreeMap::new())
}

fn with_own(model: &str, own: &OwnPrices) -> Book {
    let text =
        "source: a test\nas_of: 2026-01-01\ncurrency: USD\nmodels:\n  m:\n    - { input: \"3\" }\n";
    let files = read_all(&Configs::of([("prices/p.yml".to_owned(), text.to_owned())])).unwrap();
    Book::new("p", files.get("p"), &BTreeMap::from([(model.to_owned(), own.clone())]))
}

/// So many tokens of a kind.
fn usage(model: &str, kind: TokenKind, tokens: u64) -> Usage<'_> {
    let mut all = [0; TokenKind::ALL.len()];
    all[kind as usize] = tokens;
    Usage { model, day: DAY, tier: Tier::Standard, context: 0, tokens: all }
}
