//! Prices as files and requests write them: for a million tokens, as decimal texts.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DECIMALS, Tier, TokenKind};
use crate::{configs::Configs, decimal::Decimal};

const FOLDER: &str = "prices/";

/// The prices of a model for one tier, in the currency beside them, for 1,000,000 tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    /// How requests are served.
    #[serde(default)]
    pub tier: Tier,
    /// Holds for prompts of more tokens than that.
    #[serde(default)]
    pub above: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    input: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    output: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_read: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_5m: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_1h: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    cache_write_12h: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reasoning: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    input_audio: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    output_audio: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    input_image: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    output_image: Option<Decimal>,
}

/// All prices of a model that hold together.
pub type Rows = Vec<PriceRow>;

/// A file of `configs/prices/`: the prices of one provider, made by `scripts/prices`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceFile {
    /// Where the prices are from, with the licence.
    pub source: String,
    /// The day on which they were taken. The source has no history: they stand for every day.
    pub as_of: Date,
    /// ISO 4217.
    pub currency: String,
    /// By model.
    pub models: BTreeMap<String, Rows>,
}

impl PriceRow {
    /// The price of each kind of token that has one.
    pub fn prices(&self) -> impl Iterator<Item = (TokenKind, Decimal)> {
        TokenKind::ALL.into_iter().filter_map(|kind| Some((kind, self.of(kind)?)))
    }

    /// The price of each kind of token that has one, by the name of the kind.
    #[must_use]
    pub fn amounts(&self) -> BTreeMap<&'static str, Decimal> {
        self.prices().map(|(kind, price)| (kind.as_str(), price)).collect()
    }

    fn of(&self, kind: TokenKind) -> Option<Decimal> {
        match kind {
            TokenKind::Input => self.input,
            TokenKind::Output => self.output,
            TokenKind::CacheRead => self.cache_read,
            TokenKind::CacheWrite5m => self.cache_write_5m,
            TokenKind::CacheWrite1h => self.cache_write_1h,
            TokenKind::CacheWrite12h => self.cache_write_12h,
            TokenKind::Reasoning => self.reasoning,
            TokenKind::InputAudio => self.input_audio,
            TokenKind::OutputAudio => self.output_audio,
            TokenKind::InputImage => self.input_image,
            TokenKind::OutputImage => self.output_image,
        }
    }

    /// The tiers that have a price for long prompts only. A file may have such: what is shorter then
    /// has no price.
    #[must_use]
    pub fn without_short(rows: &[Self]) -> Vec<String> {
        let lacks = |row: &&Self| {
            row.above > 0 && !rows.iter().any(|it| it.tier == row.tier && it.above == 0)
        };
        let say = |row: &Self| {
            format!("`{}` has no price for prompts up to {} tokens", row.tier.as_str(), row.above)
        };
        rows.iter().filter(lacks).map(say).collect()
    }

    /// What is wrong with rows that should hold together.
    #[must_use]
    pub fn mistakes(rows: &[Self]) -> Vec<String> {
        let mut found = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let (tier, above) = (row.tier.as_str(), row.above);
            if rows[..at].iter().any(|it| (it.tier, it.above) == (row.tier, row.above)) {
                found.push(format!("`{tier}` above {above} tokens stands here twice"));
            }
            if row.prices().next().is_none() {
                found.push(format!("`{tier}` has no price at all"));
            }
            for (kind, price) in row.prices() {
                if price < Decimal::ZERO || price.decimals() > DECIMALS {
                    let kind = kind.as_str();
                    found.push(format!("`{kind}` is not negative and has at most 12 decimals"));
                }
            }
        }
        if rows.is_empty() {
            found.push("there is no price at all".to_owned());
        }
        found
    }
}

/// The files of `configs/prices/`, by provider.
///
/// # Errors
///
/// Every mistake in every file.
pub fn read_all(configs: &Configs) -> Result<BTreeMap<String, PriceFile>, Vec<String>> {
    let (mut files, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (path, text) in configs.below(FOLDER) {
        let name = path.strip_prefix(FOLDER).and_then(|name| name.strip_suffix(".yml"));
        let Some(provider) = name else { continue };
        match serde_saphyr::from_str::<PriceFile>(text) {
            Ok(file) => {
                let of = |(model, rows): (&String, &Rows)| {
                    let say = |message| format!("{path}: {model}: {message}");
                    PriceRow::mistakes(rows).into_iter().map(say).collect::<Vec<_>>()
                };
                mistakes.extend(file.models.iter().flat_map(of));
                files.insert(provider.to_owned(), file);
            }
            Err(error) => mistakes.push(format!("{path}: {}", error.without_snippet())),
        }
    }
    if mistakes.is_empty() { Ok(files) } else { Err(mistakes) }
}
