//! Exact amounts: DECIMAL(38,18), never floating point.

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
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From its digits without a point: `1` is 10⁻¹⁸. `None` beyond 38 digits.
    #[must_use]
    pub fn from_scaled(scaled: i128) -> Option<Self> {
        (scaled.unsigned_abs() < LIMIT.unsigned_abs()).then_some(Self(scaled))
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
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let (scaled, rounded) = read_unsigned(digits)?;
        Ok(Reading { value: Self(if negative { -scaled } else { scaled }), rounded })
    }
}

/// The scaled value of an unsigned number, and whether it was rounded.
fn read_unsigned(text: &[u8]) -> Result<(i128, bool), DecimalError> {
    let at = text.iter().position(|c| matches!(c, b'e' | b'E'));
    let (mantissa, exponent) = match at {
        Some(at) => (&text[..at], read_exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (digits, fraction) = read_mantissa(mantissa)?;
    scale(&digits, i32::from(SCALE) - fraction + exponent)
}

fn read_exponent(text: &[u8]) -> Result<i32, DecimalError> {
    let text = std::str::from_utf8(text).map_err(|_| DecimalError::NotANumber)?;
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    if bare.is_empty() || bare.len() > 5 || !bare.bytes().all(|c| c.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    text.parse().map_err(|_| DecimalError::NotANumber)
}

/// The digits of a mantissa, and how many of them stand after the point.
fn read_mantissa(text: &[u8]) -> Result<(Vec<u8>, i32), DecimalError> {
    let (mut digits, mut fraction, mut point) = (Vec::with_capacity(text.len()), 0, false);
    for c in text {
        match c {
            b'0'..=b'9' => {
                digits.push(c - b'0');
                fraction += i32::from(point);
            }
            b'.' if !point => point = true,
            _ => return Err(DecimalError::NotANumber),
        }
    }
    if digits.is_empty() { Err(DecimalError::NotANumber) } else { Ok((digits, fraction)) }
}

/// `digits` × 10^`shift`, rounded half to even where digits fall away.
fn scale(digits: &[u8], shift: i32) -> Result<(i128, bool), DecimalError> {
    let len = i32::try_from(digits.len()).map_err(|_| DecimalError::TooLarge)?;
    let kept = usize::try_from((len + shift.min(0)).max(0)).unwrap_or_default();
    let mut value = 0_i128;
    for digit in &digits[..kept] {
        value = value * 10 + i128::from(*digit);
        if value >= LIMIT {
            return Err(DecimalError::TooLarge);
        }
    }
    for _ in 0..shift.max(0) {
        if value == 0 {
            break;
        }
        value *= 10;
        if value >= LIMIT {
            return Err(DecimalError::TooLarge);
        }
    }
    // With a shift beyond the digits, the first digit that falls away is an implied zero.
    let implied = len + shift < 0;
    let (first, rest) = match &digits[kept..] {
        [] => (0, &[][..]),
        all if implied => (0, all),
        [first, rest @ ..] => (*first, rest),
    };
    let more = rest.iter().any(|digit| *digit != 0);
    if first > 5 || (first == 5 && (more || value % 2 == 1)) {
        value += 1;
    }
    if value >= LIMIT { Err(DecimalError::TooLarge) } else { Ok((value, first != 0 || more)) }
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
