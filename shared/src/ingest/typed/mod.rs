//! Fields to values: one column at a time, each checked as it is read.

mod amount;
mod choice;
mod column;
mod moment;
mod small;
mod text;
mod work;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, TimeUnit};

pub(super) use self::{
    choice::Choices,
    column::{Column, usable},
    moment::day_of,
    work::Work,
};
use crate::warehouse::ColumnType;

/// A column to make of a block.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its name.
    pub(super) name: String,
    /// Which field of the records it is; `None` where the input lacks it.
    pub(super) column: Option<usize>,
    /// What says it in rows that lack that field, of a text.
    pub(super) fallback: Option<Fallback>,
    /// What its values are.
    pub(super) kind: Kind,
    /// Whether a row without it is rejected.
    pub(super) required: bool,
}

/// A field of another version that says the same.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fallback {
    /// Which field of the records it is.
    pub(super) column: usize,
    /// Whether the input has the field of its own version too, so that it mixes versions.
    pub(super) is_mix: bool,
}

impl Target {
    /// The column as Arrow describes it.
    pub(super) fn field(&self) -> Field {
        Field::new(&self.name, self.kind.data_type(), !self.required)
    }
}

/// What the values of a column are.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// One of a list, which is recognized in another spelling too.
    Choice(Arc<Choices>),
    /// An ISO 4217 code.
    Currency,
    /// JSON, made canonical.
    Json,
    /// An amount or quantity.
    Amount,
    /// A moment.
    Moment,
    /// A day.
    Day,
    /// A whole number.
    Whole,
    /// True or false.
    Flag,
}

impl Kind {
    /// What the values of a schema's column are.
    pub(super) fn of(kind: ColumnType) -> Self {
        match kind {
            ColumnType::String => Self::Text,
            ColumnType::Integer => Self::Whole,
            ColumnType::Bignumeric => Self::Amount,
            ColumnType::Boolean => Self::Flag,
            ColumnType::Date => Self::Day,
            ColumnType::Timestamp => Self::Moment,
        }
    }

    /// The Arrow type of its values.
    pub(super) fn data_type(&self) -> DataType {
        match self {
            Self::Text | Self::Choice(_) | Self::Currency | Self::Json => DataType::Utf8View,
            Self::Amount => DataType::Decimal128(38, 18),
            Self::Moment => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Day => DataType::Date32,
            Self::Whole => DataType::Int64,
            Self::Flag => DataType::Boolean,
        }
    }
}

impl Work<'_> {
    /// Makes all columns.
    pub(super) fn columns(&mut self, targets: &[Target]) -> anyhow::Result<Vec<Column>> {
        targets.iter().map(|target| self.column(target)).collect()
    }

    /// Makes a column.
    fn column(&mut self, target: &Target) -> anyhow::Result<Column> {
        let Some(column) = target.column else { return Ok(Column::missing(target, self.rows())) };
        match &target.kind {
            Kind::Text => Ok(self.text(target, column)),
            Kind::Choice(choices) => Ok(self.choice(target, column, choices)),
            Kind::Currency => Ok(self.currency(target, column)),
            Kind::Json => Ok(self.json(target, column)),
            Kind::Amount => self.amount(target, column),
            Kind::Moment => Ok(self.moment(target, column)),
            Kind::Day => Ok(self.day(target, column)),
            Kind::Whole => Ok(self.whole(target, column)),
            Kind::Flag => Ok(self.flag(target, column)),
        }
    }
}
