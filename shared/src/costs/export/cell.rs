//! Values of any column as exact text.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use arrow::{
    array::{Array, AsArray as _},
    datatypes::{
        DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimeUnit,
        TimestampMicrosecondType,
    },
};
use jiff::Timestamp;

use crate::{
    costs::read::day,
    decimal::{Decimal, SCALE},
};

/// Appends a value: amounts in plain digits, times in RFC 3339; nothing where it is unknown.
pub(super) fn write(array: &dyn Array, at: usize, out: &mut String) -> anyhow::Result<()> {
    if array.is_null(at) {
        return Ok(());
    }
    match array.data_type() {
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(at)),
        DataType::LargeUtf8 => out.push_str(array.as_string::<i64>().value(at)),
        DataType::Utf8View => out.push_str(array.as_string_view().value(at)),
        DataType::Decimal128(_, scale) if *scale == SCALE.cast_signed() => {
            let value = Decimal::from_scaled(array.as_primitive::<Decimal128Type>().value(at));
            write!(out, "{}", value.context("an amount has too many digits")?)?;
        }
        DataType::Date32 => write!(out, "{}", day(array.as_primitive::<Date32Type>().value(at)))?,
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let micros = array.as_primitive::<TimestampMicrosecondType>().value(at);
            write!(out, "{}", Timestamp::from_microsecond(micros)?)?;
        }
        DataType::Int64 => write!(out, "{}", array.as_primitive::<Int64Type>().value(at))?,
        DataType::Int32 => write!(out, "{}", array.as_primitive::<Int32Type>().value(at))?,
        DataType::Boolean => write!(out, "{}", array.as_boolean().value(at))?,
        other => bail!("a column of type {other} cannot be exported"),
    }
    Ok(())
}
