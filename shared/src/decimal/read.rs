//! Amounts from text: fast for what is common, exact for everything.

use super::{Decimal, DecimalError, LIMIT, Reading, SCALE};

/// See [`Decimal::read`].
pub(super) fn decimal(text: &[u8]) -> Result<Reading, DecimalError> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (scaled, residue) = match short(digits) {
        Some(scaled) => (scaled, Residue::default()),
        None => any(digits)?,
    };
    let value = Decimal(if negative { -scaled } else { scaled });
    Ok(Reading { value, rounded: residue.rounded, residue: residue.thousandths })
}

/// What rounding took away or added.
#[derive(Default)]
struct Residue {
    rounded: bool,
    thousandths: u16,
}

/// Powers of ten that scale a number by the digits it lacks.
const POWERS: [i128; SCALE as usize + 1] = {
    let mut powers = [1; SCALE as usize + 1];
    let mut power = 1;
    while power < powers.len() {
        powers[power] = powers[power - 1] * 10;
        power += 1;
    }
    powers
};

/// At most 19 digits in all, 18 of them after the point, and no exponent: nearly every amount in
/// real files. Fits 64 bits, so it takes a few nanoseconds.
fn short(text: &[u8]) -> Option<i128> {
    if text.len() > 20 {
        return None;
    }
    let (mut value, mut point) = (0_u64, None);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let digits = text.len() - usize::from(point.is_some());
    let fraction = point.map_or(0, |at| text.len() - 1 - at);
    let fits = (1..=19).contains(&digits) && fraction <= SCALE as usize;
    fits.then(|| i128::from(value) * POWERS[SCALE as usize - fraction])
}

/// The scaled value of any unsigned number.
#[cold]
fn any(text: &[u8]) -> Result<(i128, Residue), DecimalError> {
    let at = text.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let (mantissa, exponent) = match at {
        Some(at) => (&text[..at], exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (digits, fraction) = digits(mantissa)?;
    scale(&digits, i32::from(SCALE) - fraction + exponent)
}

fn exponent(text: &[u8]) -> Result<i32, DecimalError> {
    let text = std::str::from_utf8(text).map_err(|_| DecimalError::NotANumber)?;
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    if bare.is_empty() || bare.len() > 5 || !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecimalError::NotANumber);
    }
    text.parse().map_err(|_| DecimalError::NotANumber)
}

/// The digits of a mantissa, and how many of them stand after the point.
fn digits(text: &[u8]) -> Result<(Vec<u8>, i32), DecimalError> {
    let (mut digits, mut fraction, mut point) = (Vec::with_capacity(text.len()), 0, false);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                digits.push(byte - b'0');
                fraction += i32::from(point);
            }
            b'.' if !point => point = true,
            _ => return Err(DecimalError::NotANumber),
        }
    }
    if digits.is_empty() { Err(DecimalError::NotANumber) } else { Ok((digits, fraction)) }
}

/// `digits` × 10^`shift`, rounded half to even where digits fall away.
fn scale(digits: &[u8], shift: i32) -> Result<(i128, Residue), DecimalError> {
    let length = i32::try_from(digits.len()).map_err(|_| DecimalError::TooLarge)?;
    let kept = usize::try_from((length + shift.min(0)).max(0)).unwrap_or_default();
    let mut value = 0;
    for digit in &digits[..kept] {
        value = times_ten(value, *digit)?;
    }
    for _ in 0..shift.max(0) {
        if value == 0 {
            break;
        }
        value = times_ten(value, 0)?;
    }
    // With a shift beyond the digits, zeros are implied before the first digit that falls away.
    let implied = usize::try_from(-(length + shift)).unwrap_or_default();
    round(value, &digits[kept..], implied)
}

fn times_ten(value: i128, digit: u8) -> Result<i128, DecimalError> {
    // Ten times what is below the limit may be beyond 128 bits.
    let next = value.checked_mul(10).and_then(|tens| tens.checked_add(i128::from(digit)));
    next.filter(|next| *next < LIMIT).ok_or(DecimalError::TooLarge)
}

/// Rounds by what falls away: `implied` zeros, then `dropped`.
fn round(value: i128, dropped: &[u8], implied: usize) -> Result<(i128, Residue), DecimalError> {
    let digit = |at: usize| at.checked_sub(implied).and_then(|at| dropped.get(at)).copied();
    let fraction = (0..3).fold(0, |sum, at| sum * 10 + u16::from(digit(at).unwrap_or(0)));
    let rounded = dropped.iter().any(|digit| *digit != 0);
    let more = dropped.iter().skip(3_usize.saturating_sub(implied)).any(|digit| *digit != 0);
    let up = fraction > 500 || (fraction == 500 && (more || value % 2 == 1));
    let value = value + i128::from(up);
    let thousandths = if up { 1_000 - fraction } else { fraction };
    if value < LIMIT {
        Ok((value, Residue { rounded, thousandths }))
    } else {
        Err(DecimalError::TooLarge)
    }
}
