//! What models are called: with a provider before them, a day or version behind them, or shortened.

/// A name without the vendor that some reports put before it: `openai/gpt-4o`, `models/gemini-…`.
#[must_use]
pub(super) fn without_vendor<'a>(name: &'a str, provider: &str) -> &'a str {
    let name = name.strip_prefix("models/").unwrap_or(name);
    name.strip_prefix(provider).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name)
}

/// A name without the day or the word that says which edition it is: `gpt-4o-2024-08-06`,
/// `claude-sonnet-4-5-20250929`, `claude-3-7-sonnet@20250219`, `gemini-…-latest`.
#[must_use]
pub(super) fn without_edition(name: &str) -> Option<&str> {
    let base = name.strip_suffix("-latest").or_else(|| {
        let (base, day) = name.rsplit_once(['-', '@'])?;
        is_day(day).then_some(base)
    });
    base.or_else(|| dashed_day(name)).filter(|base| !base.is_empty())
}

/// `20250929`.
fn is_day(text: &str) -> bool {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && text.starts_with("20") && matches!(text[4..6].parse(), Ok(1..=12_u8))
}

/// The name before `-2024-08-06`.
fn dashed_day(name: &str) -> Option<&str> {
    let at = name.len().checked_sub("-2024-08-06".len())?;
    let (base, day) = name.split_at_checked(at)?;
    let day = day.strip_prefix('-')?;
    day.parse::<jiff::civil::Date>().ok().filter(|parsed| parsed.to_string() == day)?;
    Some(base)
}
