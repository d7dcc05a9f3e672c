//! Amounts between DECIMAL(38,18), as we compute, and BIGNUMERIC, as BigQuery sends and takes it:
//! exactly, or not at all.

use anyhow::{Context as _, anyhow};
use arrow::{
    array::{Array, ArrayRef, AsArray as _, Decimal128Array, Decimal256Array},
    datatypes::{DataType, Decimal128Type, Decimal256Type, i256},
};

use crate::{
    decimal::{Decimal, PRECISION, SCALE},
    warehouse::WarehouseError,
};

/// Digits of BIGNUMERIC on the wire, and those of them after the point.
/// <https://cloud.google.com/bigquery/docs/reference/storage#arrow_schema_details>
pub const WIDE: (u8, i8) = (76, 38);

/// As BigQuery takes them: no digit is lost, since both sides get wider.
///
/// # Errors
///
/// Fails for amounts with more than 38 digits after the point, which no column of ours has.
pub fn widen(amounts: &Decimal128Array) -> Result<Decimal256Array, WarehouseError> {
    let factor = ten_to(i16::from(WIDE.1) - i16::from(amounts.scale()))?;
    let wide: Decimal256Array = amounts
        .iter()
        .map(|amount| amount.map(|amount| i256::from_i128(amount).wrapping_mul(factor)))
        .collect();
    Ok(wide.with_precision_and_scale(WIDE.0, WIDE.1).context("an amount")?)
}

/// As we compute with them.
///
/// # Errors
///
/// [`WarehouseError::Query`] for an amount that has more than 18 digits after the point or 20
/// before it.
pub fn narrow(column: &ArrayRef) -> Result<Decimal128Array, WarehouseError> {
    let narrowed: Decimal128Array = match column.data_type() {
        DataType::Decimal128(_, scale) => {
            let shift = i16::from(SCALE.cast_signed()) - i16::from(*scale);
            let amounts = column.as_primitive::<Decimal128Type>();
            let wide = amounts.iter().map(|it| it.map(i256::from_i128));
            wide.map(|it| it.map(|it| shifted(it, shift)).transpose()).collect::<Result<_, _>>()?
        }
        DataType::Decimal256(_, scale) => {
            let shift = i16::from(SCALE.cast_signed()) - i16::from(*scale);
            let amounts = column.as_primitive::<Decimal256Type>();
            let all = amounts.iter().map(|it| it.map(|it| shifted(it, shift)).transpose());
            all.collect::<Result<_, _>>()?
        }
        other => return Err(WarehouseError::Other(anyhow!("an amount comes as {other}"))),
    };
    let scaled = narrowed.with_precision_and_scale(PRECISION, SCALE.cast_signed());
    Ok(scaled.context("an amount")?)
}

/// Its digits with the point moved by `shift` places.
fn shifted(amount: i256, shift: i16) -> Result<i128, WarehouseError> {
    let too_many = || {
        let what =
            format!("an amount of an answer has more digits than DECIMAL({PRECISION},{SCALE})");
        WarehouseError::Query(what)
    };
    let power = ten_to(shift.abs())?;
    let moved = if shift >= 0 {
        amount.checked_mul(power).ok_or_else(too_many)?
    } else if amount.checked_rem(power) == Some(i256::ZERO) {
        amount.checked_div(power).ok_or_else(too_many)?
    } else {
        return Err(too_many());
    };
    let digits = moved.to_i128().ok_or_else(too_many)?;
    Decimal::from_scaled(digits).map(Decimal::scaled).ok_or_else(too_many)
}

fn ten_to(power: i16) -> Result<i256, WarehouseError> {
    let power = u32::try_from(power).context("more digits than BIGNUMERIC has")?;
    let ten = i256::from_i128(10).checked_pow(power);
    Ok(ten.context("more digits than BIGNUMERIC has")?)
}
