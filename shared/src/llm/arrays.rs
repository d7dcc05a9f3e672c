//! Rows as the columns of a batch.

use std::sync::Arc;

use anyhow::Context as _;
use arrow::{
    array::{
        ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    },
    datatypes::{Field, Schema},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::decimal::{Decimal, PRECISION, SCALE};

/// Columns that are being put together.
#[derive(Default)]
pub(super) struct Arrays {
    names: Vec<&'static str>,
    arrays: Vec<ArrayRef>,
}

impl Arrays {
    /// A column of texts.
    pub(super) fn text<'a>(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = Option<&'a str>>,
    ) -> Self {
        self.add(name, Arc::new(values.collect::<StringArray>()));
        self
    }

    /// A column of amounts.
    ///
    /// # Errors
    ///
    /// Fails for no amount there is.
    pub(super) fn amounts(
        mut self,
        name: &'static str,
        values: impl Iterator<Item = Option<Decimal>>,
    ) -> anyhow::Result<Self> {
        let array: Decimal128Array = values.map(|value| value.map(Decimal::scaled)).collect();
        let array = array.with_precision_and_scale(PRECISION, SCALE.cast_signed())?;
        self.add(name, Arc::new(array));
        Ok(self)
    }

    /// The columns that every raw table has of a row's day, and when it was read.
    pub(super) fn days(mut self, days: &[Date], now: Timestamp) -> anyhow::Result<Self> {
        let begin = |day: Date| day.to_zoned_datetime(TimeZone::UTC).map(|day| day.timestamp());
        let ends = |day: Date| begin(day.tomorrow().unwrap_or(day));
        let next = |day: Date| begin(day.last_of_month().tomorrow().unwrap_or(day));
        self.moments("starts_at", days.iter().map(|day| begin(*day)))?;
        self.moments("ends_at", days.iter().map(|day| ends(*day)))?;
        self.moments("x_billing_period_start", days.iter().map(|day| begin(day.first_of_month())))?;
        self.moments("x_billing_period_end", days.iter().map(|day| next(*day)))?;
        self.moments("_ingested_at", days.iter().map(|_| Ok(now)))?;
        self.dates("x_billing_month", days.iter().map(|day| day.first_of_month()));
        self.dates("x_charge_date", days.iter().copied());
        Ok(self)
    }

    fn moments(
        &mut self,
        name: &'static str,
        moments: impl Iterator<Item = Result<Timestamp, jiff::Error>>,
    ) -> anyhow::Result<()> {
        let micros = moments.map(|moment| moment.map(Timestamp::as_microsecond));
        let micros = micros.collect::<Result<Vec<_>, _>>().context("a day beyond the calendar")?;
        self.add(name, Arc::new(TimestampMicrosecondArray::from(micros).with_timezone("+00:00")));
        Ok(())
    }

    fn dates(&mut self, name: &'static str, days: impl Iterator<Item = Date>) {
        const EPOCH: Date = Date::constant(1970, 1, 1);
        self.add(
            name,
            Arc::new(Date32Array::from_iter_values(days.map(|it| (it - EPOCH).get_days()))),
        );
    }

    fn add(&mut self, name: &'static str, array: ArrayRef) {
        self.names.push(name);
        self.arrays.push(array);
    }

    /// All of them. Every column may lack values, so that a batch without rows has the same
    /// schema.
    pub(super) fn batch(self) -> anyhow::Result<RecordBatch> {
        let fields = self.names.iter().zip(&self.arrays);
        let fields: Vec<_> = fields
            .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
            .collect();
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), self.arrays)?)
    }
}
