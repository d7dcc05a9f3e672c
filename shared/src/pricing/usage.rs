//! What is priced, and what comes of it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decimal::Decimal;

/// How a request was served, which decides its prices.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// At once, at the usual price.
    #[default]
    Standard,
    /// In a batch, later and cheaper.
    Batch,
    /// Before others, and dearer.
    Priority,
    /// When there is room, and cheaper.
    Flex,
}

impl Tier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Standard, Self::Batch, Self::Priority, Self::Flex];

    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Batch => "batch",
            Self::Priority => "priority",
            Self::Flex => "flex",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $name:ident = $text:literal,)+) => {
        /// Kinds of tokens, no token of two kinds. Providers count differently: whether cached or
        /// audio tokens are among the input tokens is for whoever reads a provider's report to sort
        /// out.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum TokenKind {
            $($(#[$doc])+ #[serde(rename = $text)] $name,)+
        }

        impl TokenKind {
            /// All of them.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name),+];

            /// As it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

kinds! {
    /// Text that was sent, neither read from a cache nor written to one.
    Input = "input",
    /// Text that came back, without what is counted as reasoning.
    Output = "output",
    /// Input that was read from a cache.
    CacheRead = "cache_read",
    /// Input that was written to a cache for five minutes, or for as long as the provider says.
    CacheWrite5m = "cache_write_5m",
    /// Input that was written to a cache for an hour.
    CacheWrite1h = "cache_write_1h",
    /// Input that was written to a cache for twelve hours.
    CacheWrite12h = "cache_write_12h",
    /// Output of reasoning, where it has a price of its own.
    Reasoning = "reasoning",
    /// Sound that was sent.
    InputAudio = "input_audio",
    /// Sound that came back.
    OutputAudio = "output_audio",
    /// Images that were sent.
    InputImage = "input_image",
    /// Images that came back.
    OutputImage = "output_image",
}

/// How many kinds of tokens there are.
pub(super) const KINDS: usize = TokenKind::ALL.len();

/// Tokens of one model, on one day, served in one way.
#[derive(Debug, Clone, Copy)]
pub struct Usage<'a> {
    /// The model, as the provider's report calls it.
    pub model: &'a str,
    /// The UTC day.
    pub day: Date,
    /// How they were served.
    pub tier: Tier,
    /// How many tokens the prompts had, where prices depend on it; 0 where that is not known, which
    /// is priced as a short prompt.
    pub context: u64,
    /// How many tokens of each kind, in the order of [`TokenKind::ALL`].
    pub tokens: [u64; KINDS],
}

/// What usage costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priced<'a> {
    /// How much.
    pub amount: Decimal,
    /// In which currency.
    pub currency: &'a str,
    /// Whether the price is the organization's own.
    pub own: bool,
}

/// Why usage has no price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Missing {
    /// Nobody says what the model costs.
    #[error("there is no price of this model")]
    Model,
    /// The model has prices, none of which holds on that day.
    #[error("there is no price of this model on that day")]
    Day,
    /// The model is not priced for that way of serving.
    #[error("there is no price of this model for the tier `{}`", .0.as_str())]
    Tier(Tier),
    /// Such tokens are not priced.
    #[error("there is no price of `{}` tokens", .0.as_str())]
    Kind(TokenKind),
    /// The amount has more digits than amounts can have.
    #[error("the amount has too many digits")]
    TooLarge,
}
