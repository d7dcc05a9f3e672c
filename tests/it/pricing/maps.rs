//! Every model that is shipped costs what the price map itself says: its own keys, looked up by name
//! and added up as whole numbers, for a thousand random usages of each.

use std::collections::BTreeMap;

use convergence::pricing::{Book, Missing, Tier, TokenKind, Usage};
use proptest::prelude::*;

use super::{DAY, shipped};

const USAGES: usize = 1_000;
/// A price of the map in units of 10⁻¹⁸.
const DIGITS: i32 = 18;

type Entry = BTreeMap<String, String>;
type Map = BTreeMap<String, BTreeMap<String, Entry>>;

fn map() -> Map {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/prices/litellm.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What the map calls the price of a kind of token.
fn key(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Input => "input_cost_per_token",
        TokenKind::Output => "output_cost_per_token",
        TokenKind::CacheRead => "cache_read_input_token_cost",
        TokenKind::CacheWrite5m => "cache_creation_input_token_cost",
        TokenKind::CacheWrite1h => "cache_creation_input_token_cost_above_1hr",
        TokenKind::CacheWrite12h => "cache_creation_input_token_cost_above_12hr",
        TokenKind::Reasoning => "output_cost_per_reasoning_token",
        TokenKind::InputAudio => "input_cost_per_audio_token",
        TokenKind::OutputAudio => "output_cost_per_audio_token",
        TokenKind::InputImage => "input_cost_per_image_token",
        TokenKind::OutputImage => "output_cost_per_image_token",
    }
}

fn suffix(tier: Tier) -> &'static str {
    match tier {
        Tier::Standard => "",
        Tier::Batch => "_batches",
        Tier::Priority => "_priority",
        Tier::Flex => "_flex",
    }
}

/// The text of a JSON number as a whole number of units.
fn units(text: &str) -> i128 {
    let lower = text.to_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().unwrap();
    let places = i32::try_from(fraction.len()).unwrap();
    let shift = DIGITS - places + exponent.parse::<i32>().unwrap();
    if shift < 0 {
        let by = 10_i128.pow(shift.unsigned_abs());
        assert_eq!(digits % by, 0, "{text} has more than 18 decimals");
        return digits / by;
    }
    digits * 10_i128.pow(shift.unsigned_abs())
}

/// The price that the map has for prompts of a length: of the highest step that it is above.
fn price(entry: &Entry, kind: TokenKind, tier: Tier, context: u64) -> Option<i128> {
    let (key, suffix) = (key(kind), suffix(tier));
    let at = |step: &str| entry.get(&format!("{key}{step}{suffix}")).map(|text| units(text));
    let steps = [512, 272, 256, 200, 128, 100, 32];
    let above = steps.into_iter().filter(|step| context > step * 1_000);
    above
        .map(|step| at(&format!("_above_{step}k_tokens")))
        .find(Option::is_some)
        .flatten()
        .or_else(|| at(""))
}

/// The same numbers in every run: `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

fn random(random: &mut Random, model: &'static str, entry: &Entry) -> Usage<'static> {
    let tier = random.one_of(&Tier::ALL);
    let contexts = [0, 1_000, 100_000, 100_001, 200_000, 200_001, 272_000, 272_001, 999_999];
    let context = random.one_of(&contexts);
    let mut tokens = [0; TokenKind::ALL.len()];
    for kind in TokenKind::ALL {
        let has = price(entry, kind, tier, context).is_some();
        // Mostly what has a price, so that there is something to compare; sometimes what has none.
        if random.below(100) < if has { 70 } else { 1 } {
            tokens[kind as usize] = random.below(50_000_000_000);
        }
    }
    Usage { model, day: DAY, tier, context, tokens }
}

/// The map's own arithmetic; what has no price is missing.
fn expected(entry: &Entry, usage: &Usage<'_>) -> Result<i128, Missing> {
    let any = TokenKind::ALL
        .into_iter()
        .any(|kind| price(entry, kind, usage.tier, usage.context).is_some());
    if !any {
        return Err(Missing::Tier(usage.tier));
    }
    let mut sum = 0;
    for kind in TokenKind::ALL {
        let tokens = i128::from(usage.tokens[kind as usize]);
        if tokens > 0 {
            let price = price(entry, kind, usage.tier, usage.context);
            sum += price.ok_or(Missing::Kind(kind))? * tokens;
        }
    }
    Ok(sum)
}

#[test]
fn every_model_of_the_map_costs_what_the_map_says_for_a_thousand_usages_each() {
    let (files, mut seeded) = (shipped(), Random(1));
    let (mut models, mut priced, mut missing) = (0, 0, 0);
    for (provider, entries) in map() {
        let book = Book::new(&provider, files.get(&provider), &BTreeMap::new());
        for (model, entry) in entries {
            models += 1;
            let name: &'static str = Box::leak(model.clone().into_boxed_str());
            for _ in 0..USAGES {
                let usage = random(&mut seeded, name, &entry);
                let found = book.price(&usage).map(|priced| priced.amount.scaled());
                let wanted = expected(&entry, &usage);
                assert_eq!(found, wanted, "{provider} {usage:?} {entry:?}");
                if wanted.is_ok() { priced += 1 } else { missing += 1 }
            }
        }
    }
    assert!(models > 1_000, "{models} models");
    assert!(priced > models * USAGES / 3 && missing > 0, "{priced} priced, {missing} missing");
}

#[test]
fn every_model_of_the_map_is_shipped_and_no_other() {
    let (files, map) = (shipped(), map());
    let names = |models: Vec<&String>| models.into_iter().cloned().collect::<Vec<_>>();
    for (provider, file) in &files {
        let theirs = names(map[provider].keys().collect());
        assert_eq!(names(file.models.keys().collect()), theirs, "{provider}");
        assert!(file.source.contains("LiteLLM") && file.source.contains("MIT"), "{provider}");
    }
    assert_eq!(files.len(), map.len());
}

proptest! {
    #[test]
    fn no_text_is_a_model_by_accident_and_none_is_too_much(name in ".{0,40}") {
        let files = shipped_once();
        let found = files.find(&name);
        if let Some(found) = found {
            prop_assert_eq!(files.find(&name), Some(found));
        }
    }
}

fn shipped_once() -> &'static Book {
    static BOOK: std::sync::OnceLock<Book> = std::sync::OnceLock::new();
    BOOK.get_or_init(|| Book::new("openai", shipped().get("openai"), &BTreeMap::new()))
}
