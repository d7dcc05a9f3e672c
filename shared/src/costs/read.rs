//! Reading answers of the warehouse: columns by name, of the type we asked for.

use anyhow::{Context as _, bail};
use arrow::{
    array::{Array, AsArray as _, RecordBatch},
    datatypes::{
        DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType,
    },
};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};

use super::Sum;
use crate::decimal::{Decimal, SCALE};

/// A row of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    batch: &'a RecordBatch,
    at: usize,
}

/// Every row of some batches.
pub(crate) fn rows(batches: &[RecordBatch]) -> impl Iterator<Item = Row<'_>> {
    batches.iter().flat_map(|batch| (0..batch.num_rows()).map(move |at| Row { batch, at }))
}

impl<'a> Row<'a> {
    fn column(self, name: &str) -> anyhow::Result<Option<&'a dyn Array>> {
        let column = self.batch.column_by_name(name);
        let column = column.with_context(|| format!("the answer has no column `{name}`"))?;
        Ok(column.is_valid(self.at).then_some(column.as_ref()))
    }

    /// Whether the answer has a column.
    pub(crate) fn has(self, name: &str) -> bool {
        self.batch.column_by_name(name).is_some()
    }

    /// Text, or a day as text.
    pub(crate) fn text(self, name: &str) -> anyhow::Result<Option<String>> {
        let Some(column) = self.column(name)? else { return Ok(None) };
        Ok(Some(match column.data_type() {
            DataType::Utf8 => column.as_string::<i32>().value(self.at).to_owned(),
            DataType::LargeUtf8 => column.as_string::<i64>().value(self.at).to_owned(),
            DataType::Utf8View => column.as_string_view().value(self.at).to_owned(),
            DataType::Date32 => day(column.as_primitive::<Date32Type>().value(self.at)).to_string(),
            other => bail!("column `{name}` is {other}, not text"),
        }))
    }

    /// A day.
    pub(crate) fn day(self, name: &str) -> anyhow::Result<Option<Date>> {
        let Some(column) = self.column(name)? else { return Ok(None) };
        let days = column.as_primitive_opt::<Date32Type>();
        let days = days.with_context(|| format!("column `{name}` is no day"))?;
        Ok(Some(day(days.value(self.at))))
    }

    /// Yes or no.
    pub(crate) fn flag(self, name: &str) -> anyhow::Result<Option<bool>> {
        let Some(column) = self.column(name)? else { return Ok(None) };
        let flags = column.as_boolean_opt();
        Ok(Some(flags.with_context(|| format!("column `{name}` is no flag"))?.value(self.at)))
    }

    /// A moment.
    pub(crate) fn moment(self, name: &str) -> anyhow::Result<Option<Timestamp>> {
        let Some(column) = self.column(name)? else { return Ok(None) };
        let moments = column.as_primitive_opt::<TimestampMicrosecondType>();
        let moments = moments.with_context(|| format!("column `{name}` is no moment"))?;
        Ok(Some(Timestamp::from_microsecond(moments.value(self.at))?))
    }

    /// An amount.
    pub(crate) fn amount(self, name: &str) -> anyhow::Result<Option<Decimal>> {
        let Some(column) = self.column(name)? else { return Ok(None) };
        let amounts = column.as_primitive_opt::<Decimal128Type>();
        let amounts = amounts.with_context(|| format!("column `{name}` is no amount"))?;
        if amounts.scale() != SCALE.cast_signed() {
            bail!("column `{name}` has {} digits after the point", amounts.scale());
        }
        let value = Decimal::from_scaled(amounts.value(self.at));
        value.map(Some).with_context(|| format!("column `{name}` has too many digits"))
    }

    /// A whole number; 0 where there is none.
    pub(crate) fn count(self, name: &str) -> anyhow::Result<u64> {
        let Some(column) = self.column(name)? else { return Ok(0) };
        let value = match column.data_type() {
            DataType::Int64 => column.as_primitive::<Int64Type>().value(self.at),
            DataType::Int32 => column.as_primitive::<Int32Type>().value(self.at).into(),
            other => bail!("column `{name}` is {other}, not a count"),
        };
        u64::try_from(value).with_context(|| format!("column `{name}` is negative"))
    }

    /// The sums that [`super::source::SUMS`] makes.
    pub(crate) fn sum(self) -> anyhow::Result<Sum> {
        Ok(Sum {
            amount: self.amount("amount")?,
            rows: self.count("row_count")?,
            rows_without_cost: self.count("lacking_count")?,
        })
    }
}

/// The day so many days after 1970-01-01.
pub(crate) fn day(since_1970: i32) -> Date {
    date(1970, 1, 1).saturating_add(since_1970.days())
}
