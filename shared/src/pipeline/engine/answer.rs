//! Reading the few columns of a small answer.

use anyhow::Context as _;
use arrow::{
    array::{Array as _, ArrayRef, AsArray as _, RecordBatch},
    datatypes::{Date32Type, Decimal128Type, Int64Type},
};

use crate::{decimal::Decimal, warehouse::Answer};

/// What a cell says, as text: null is `None`.
///
/// # Errors
///
/// Fails where the column has a type that no query of ours returns.
pub fn text(column: &ArrayRef, row: usize) -> anyhow::Result<Option<String>> {
    if column.is_null(row) {
        return Ok(None);
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Ok(Some(texts.value(row).to_owned()));
    }
    let days = column.as_primitive_opt::<Date32Type>().context("neither text nor days")?;
    Ok(days.value_as_date(row).map(|day| day.to_string()))
}

/// An amount; null is `None`.
///
/// # Errors
///
/// Fails where the column is none of amounts.
pub fn amount(column: &ArrayRef, row: usize) -> anyhow::Result<Option<Decimal>> {
    let amounts = column.as_primitive_opt::<Decimal128Type>().context("not amounts")?;
    if amounts.is_null(row) {
        return Ok(None);
    }
    Decimal::from_scaled(amounts.value(row)).context("too many digits").map(Some)
}

/// A whole number; null is 0.
///
/// # Errors
///
/// Fails where the column is none of whole numbers.
pub fn whole(column: &ArrayRef, row: usize) -> anyhow::Result<u64> {
    let numbers = column.as_primitive_opt::<Int64Type>().context("not whole numbers")?;
    let value = if numbers.is_null(row) { 0 } else { numbers.value(row) };
    Ok(u64::try_from(value).unwrap_or_default())
}

/// The whole number in the first row and column; 0 where there is no row.
///
/// # Errors
///
/// Fails where that is no whole number.
pub fn count(answer: &Answer) -> anyhow::Result<u64> {
    let first = rows(answer).next();
    first.map_or(Ok(0), |(batch, row)| whole(batch.column(0), row))
}

/// Every row of an answer, with the columns it stands in.
pub fn rows(answer: &Answer) -> impl Iterator<Item = (&RecordBatch, usize)> {
    answer.batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |row| (batch, row)))
}

/// A number of rows, for a sentence.
#[must_use]
pub fn counted(rows: u64) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}
