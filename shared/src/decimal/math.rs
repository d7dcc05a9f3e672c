//! Arithmetic beyond sums: what is multiplied and divided, and how it is rounded.

use arrow::datatypes::i256;

use super::{Decimal, ONE};

impl Decimal {
    /// So many times the amount, unless that has too many digits.
    #[must_use]
    pub fn checked_times(self, count: u64) -> Option<Self> {
        self.0.checked_mul(i128::from(count)).and_then(Self::from_scaled)
    }

    /// The product, rounded half to even at the 18th decimal, unless it has too many digits.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        rounded(product(self.0, other.0)?, i256::from_i128(ONE))
    }

    /// The quotient, rounded half to even at the 18th decimal; `None` where `other` is nothing or
    /// the quotient has too many digits.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        (other.0 != 0).then_some(())?;
        rounded(product(self.0, ONE)?, i256::from_i128(other.0))
    }

    /// One of `parts` equal parts, cut after the 18th decimal: what is left over is the caller's
    /// to give to one of them. Nothing where there are no parts.
    #[must_use]
    pub fn share(self, parts: u32) -> Self {
        Self(self.0.checked_div(i128::from(parts)).unwrap_or_default())
    }

    /// The same amount with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// How many digits after the point it needs.
    #[must_use]
    pub fn decimals(self) -> u32 {
        let mut rest = self.0.unsigned_abs();
        let mut decimals = u32::from(super::SCALE);
        while decimals > 0 && rest.is_multiple_of(10) {
            rest /= 10;
            decimals -= 1;
        }
        decimals
    }
}

fn product(a: i128, b: i128) -> Option<i256> {
    i256::from_i128(a).checked_mul(i256::from_i128(b))
}

/// `value` / `by`, half to even.
fn rounded(value: i256, by: i256) -> Option<Decimal> {
    let quotient = value.checked_div(by)?.to_i128()?;
    let rest = value.checked_rem(by)?.wrapping_abs();
    let twice = rest.checked_mul(i256::from_i128(2))?;
    let half = twice.cmp(&by.wrapping_abs());
    let up = half.is_gt() || (half.is_eq() && quotient % 2 != 0);
    let away = if (value < i256::ZERO) == (by < i256::ZERO) { 1 } else { -1 };
    Decimal::from_scaled(if up { quotient.checked_add(away)? } else { quotient })
}
