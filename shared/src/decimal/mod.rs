//! Exact amounts: DECIMAL(38,18), never floating point.

mod math;
mod read;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Digits after the point.
pub const SCALE: u8 = 18;
/// Digits in all.
pub const PRECISION: u8 = 38;

const ONE: i128 = 10_i128.pow(SCALE as u32);
const LIMIT: i128 = 10_i128.pow(PRECISION as u32);

/// An amount or quantity with 18 digits after the point and 20 before it, as in `DECIMAL(38,18)`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Decimal(i128);

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not of the form `-12.34` or `1.2e-7`.
    #[error("not a number")]
    NotANumber,
    /// More than 20 digits before the point.
    #[error("too many digits before the point")]
    TooLarge,
}

/// What [`Decimal::read`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The amount.
    pub value: Decimal,
    /// Digits beyond the 18th were rounded, half to even.
    pub rounded: bool,
    /// How much rounding changed it: thousandths of the 18th decimal, at most 500.
    pub residue: u16,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From its digits without a point: `1` is 10⁻¹⁸. `None` beyond 38 digits.
    #[must_use]
    pub fn from_scaled(scaled: i128) -> Option<Self> {
        (scaled.unsigned_abs() < LIMIT.unsigned_abs()).then_some(Self(scaled))
    }

    /// A whole number.
    #[must_use]
    pub fn from_whole(whole: u32) -> Self {
        Self(i128::from(whole) * ONE)
    }

    /// Its digits without a point, as Arrow's `Decimal128(38, 18)` keeps them.
    #[must_use]
    pub fn scaled(self) -> i128 {
        self.0
    }

    /// The sum, unless it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_scaled)
    }

    /// The difference, unless it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::from_scaled)
    }

    /// Reads `-12.34`, `+1`, `.5` or `1.2e-7`, and nothing else: no spaces, separators, NaN or hex.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the text.
    pub fn read(text: &[u8]) -> Result<Reading, DecimalError> {
        read::decimal(text)
    }
}

impl fmt::Display for Decimal {
    /// In plain digits, without trailing zeros: `-0.0000008`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0.abs() / ONE, self.0.abs() % ONE);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{fraction:0width$}", width = usize::from(SCALE));
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::read(text.as_bytes()).map(|reading| reading.value)
    }
}

impl TryFrom<String> for Decimal {
    type Error = DecimalError;

    fn try_from(text: String) -> Result<Self, DecimalError> {
        text.parse()
    }
}

impl From<Decimal> for String {
    fn from(value: Decimal) -> Self {
        value.to_string()
    }
}
