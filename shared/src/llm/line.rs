//! A line of a report, as it came.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::decimal::{Decimal, DecimalError};

/// A line of a report: a day, and the provider's own fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The UTC day.
    pub day: Date,
    /// What the provider says. Numbers are kept as they were written.
    pub fields: Map<String, Value>,
}

/// A line that cannot be read in one way only; says where and why, and repeats no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Strange(pub String);

impl Line {
    /// The text of a field; absent and null are the same.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The object of a field.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&Map<String, Value>> {
        self.fields.get(name).and_then(Value::as_object)
    }

    /// The amount of a field; absent and null are none.
    ///
    /// # Errors
    ///
    /// Where there is something else, or more than 20 digits before the point.
    pub fn quantity(&self, name: &str) -> Result<Decimal, Strange> {
        self.quantity_of(self.fields.get(name), name)
    }

    /// The same of a value that stands deeper.
    ///
    /// # Errors
    ///
    /// As [`Line::quantity`].
    pub fn quantity_of(&self, value: Option<&Value>, name: &str) -> Result<Decimal, Strange> {
        match value {
            None | Some(Value::Null) => Ok(Decimal::ZERO),
            Some(Value::Number(number)) => {
                number.to_string().parse().map_err(|error| self.strange(name, error))
            }
            Some(_) => Err(self.strange(name, DecimalError::NotANumber)),
        }
    }

    /// A currency of ISO 4217, in capitals.
    ///
    /// # Errors
    ///
    /// Where there is none of that name.
    pub fn currency(&self, text: &str) -> Result<String, Strange> {
        let code = text.to_ascii_uppercase();
        match iso_currency::Currency::from_code(&code) {
            Some(_) => Ok(code),
            None => Err(self.strange("currency", "there is no such currency")),
        }
    }

    /// Something is wrong with a field.
    pub fn strange(&self, name: &str, why: impl std::fmt::Display) -> Strange {
        Strange(format!("`{name}` of a line of {}: {why}", self.day))
    }

    /// All fields, as one JSON text with its members in order.
    #[must_use]
    pub fn json(&self) -> String {
        json(self.fields.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }
}

/// One JSON object with its members in order; nulls are left out.
pub(super) fn json<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> String {
    let members: BTreeMap<_, _> =
        members.into_iter().filter(|(_, value)| !value.is_null()).collect();
    serde_json::to_string(&members).unwrap_or_default()
}
