//! Prices rows of usage by the shipped prices, and says how many and what they cost.
//!
//! Usage: `pricing ROWS`. `bench/pricing/run.py` starts and times it.

use std::{collections::BTreeMap, env, io::Write as _, process::ExitCode};

use anyhow::Context as _;
use convergence::{
    configs::Configs,
    decimal::Decimal,
    pricing::{Book, PriceFile, Tier, TokenKind, Usage, read_all},
};
use jiff::civil::{Date, date};

const DAY: Date = date(2026, 7, 1);
/// Rows that differ; more of them repeat these.
const DIFFERENT: usize = 100_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = std::io::stderr().write_all(format!("{error:#}\n").as_bytes());
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let rows = env::args().nth(1).context("usage: pricing ROWS")?.parse::<usize>()?;
    let files =
        read_all(&Configs::embedded()).map_err(|wrong| anyhow::anyhow!(wrong.join("; ")))?;
    let file = files.get("openai").context("no prices")?;
    let book = Book::new("openai", Some(file), &BTreeMap::new());
    let usages = usages(file);
    let (mut total, mut missing) = (Decimal::ZERO, 0_usize);
    for usage in usages.iter().cycle().take(rows) {
        // By its name, each time: what a report's rows cost that come in no order.
        match book.price(usage) {
            Ok(priced) => total = total.checked_add(priced.amount).context("too much")?,
            Err(_) => missing += 1,
        }
    }
    let said = format!("{rows} rows, {missing} without a price, {total} USD\n");
    std::io::stdout().write_all(said.as_bytes())?;
    Ok(())
}

/// Usage of every model in turn, the same in every run: `SplitMix64`.
fn usages(file: &PriceFile) -> Vec<Usage<'_>> {
    let mut state = 1_u64;
    let mut below = |end: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    };
    let mut usage = || {
        let mut tokens = [0; TokenKind::ALL.len()];
        tokens[TokenKind::Input as usize] = below(1_000_000);
        tokens[TokenKind::Output as usize] = below(100_000);
        tokens[TokenKind::CacheRead as usize] = below(500_000);
        let tier = if below(10) == 0 { Tier::Batch } else { Tier::Standard };
        (tier, below(300_000), tokens)
    };
    let models: Vec<&String> = file.models.keys().collect();
    models
        .iter()
        .cycle()
        .take(DIFFERENT)
        .map(|model| {
            let (tier, context, tokens) = usage();
            Usage { model, day: DAY, tier, context, tokens }
        })
        .collect()
}
