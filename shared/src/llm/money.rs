//! Amounts as providers write them.

use crate::decimal::{Decimal, DecimalError, Reading};

/// Reads an amount of cents as one of the currency: `1234.5678` is 12.345678. The point moves in
/// the text, so that nothing is divided.
///
/// # Errors
///
/// As [`Decimal::read`].
pub fn cents(text: &str) -> Result<Reading, DecimalError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.parse::<i32>().map_err(|_| DecimalError::NotANumber)?)
        }
        None => (text, 0),
    };
    let exponent = exponent.checked_sub(2).ok_or(DecimalError::NotANumber)?;
    Decimal::read(format!("{mantissa}e{exponent}").as_bytes())
}
