//! Questions to the warehouse: PRQL with typed parameters.

use std::{collections::BTreeMap, time::Duration};

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::decimal::Decimal;

/// A PRQL pipeline over the tables of one dataset, named without it, with its parameters: `$name`.
#[derive(Debug, Clone)]
pub struct Query {
    /// What it is called in logs and statistics.
    pub name: &'static str,
    /// The text.
    pub prql: String,
    /// The value of every `$name` in the text.
    pub params: BTreeMap<&'static str, ParamValue>,
    /// On whose account it is.
    pub labels: Labels,
}

impl Query {
    /// A query without parameters.
    pub fn new(name: &'static str, prql: impl Into<String>) -> Self {
        Self { name, prql: prql.into(), params: BTreeMap::new(), labels: Labels::default() }
    }

    /// With a parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<ParamValue>) -> Self {
        self.params.insert(name, value.into());
        self
    }

    /// With what it is on account of.
    #[must_use]
    pub fn labelled(mut self, labels: Labels) -> Self {
        self.labels = labels;
        self
    }
}

/// On whose account a query is, beside the organization.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The pipeline, if it is part of one.
    pub pipeline: Option<String>,
    /// The run, if it is part of one.
    pub run: Option<Uuid>,
    /// The try of the step that asks, if one does, as in `to_focus-1-2`: the same question of the
    /// same try is the same job.
    pub step: Option<String>,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// A day.
    Date(Date),
    /// A moment, to the microsecond.
    Timestamp(Timestamp),
    /// An amount.
    Decimal(Decimal),
    /// Text.
    String(String),
    /// A whole number.
    Int(i64),
    /// True or false.
    Bool(bool),
    /// A list of texts.
    StringArray(Vec<String>),
    /// Unknown, of a type.
    Null(ParamType),
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamType {
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// An amount.
    Decimal,
    /// Text.
    String,
    /// A whole number.
    Int,
    /// True or false.
    Bool,
    /// A list of texts.
    StringArray,
}

impl ParamValue {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> ParamType {
        match self {
            Self::Date(_) => ParamType::Date,
            Self::Timestamp(_) => ParamType::Timestamp,
            Self::Decimal(_) => ParamType::Decimal,
            Self::String(_) => ParamType::String,
            Self::Int(_) => ParamType::Int,
            Self::Bool(_) => ParamType::Bool,
            Self::StringArray(_) => ParamType::StringArray,
            Self::Null(kind) => *kind,
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => {
        $(impl From<$type> for ParamValue {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

from! {
    Date => Date, Timestamp => Timestamp, Decimal => Decimal, String => String, &str => String,
    i64 => Int, bool => Bool, Vec<String> => StringArray,
}

/// What a query cost, as the backend says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryStats {
    /// The backend's name of the job.
    pub job_id: String,
    /// Bytes that are billed; 0 where nothing is.
    pub bytes_billed: u64,
    /// Slot time; 0 where there are no slots.
    pub slot_millis: u64,
    /// How long it took.
    pub duration: Duration,
}
