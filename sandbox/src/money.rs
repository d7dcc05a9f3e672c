//! Amounts of made-up bills: whole millionths of a millionth of a dollar, so that nothing is ever
//! rounded.

use convergence::decimal::Decimal;
use serde_json::{Number, Value};

/// Millionths of a millionth of a dollar.
pub(crate) type Pico = i128;

/// In 10⁻¹⁸ of a dollar.
const ATTO: i128 = 1_000_000;

/// As a JSON number, written out in full.
pub(crate) fn number(amount: Pico) -> Value {
    let text = text(amount * ATTO);
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// As a text of cents.
pub(crate) fn cents(amount: Pico) -> Value {
    Value::String(text(amount * ATTO * 100))
}

fn text(atto: i128) -> String {
    Decimal::from_scaled(atto).unwrap_or_default().to_string()
}
