//! Parameters in the way of each dialect: bound and cast, never put into the text.

use super::Dialect;
use crate::warehouse::{ParamType, ParamValue};

/// SQL that can be sent, with the values to send along.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The statement: DuckDB counts its parameters from `$1`, BigQuery calls them `@name`.
    pub sql: String,
    /// Names and values, in DuckDB's order.
    pub params: Vec<(String, ParamValue)>,
}

/// The name of a parameter type in a dialect.
pub trait SqlType {
    /// As in `CAST(x AS …)` and in BigQuery's query parameters.
    fn sql_type(&self, dialect: Dialect) -> &'static str;
}

impl SqlType for ParamType {
    fn sql_type(&self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Self::Date, _) => "DATE",
            (Self::Timestamp, Dialect::DuckDb) => "TIMESTAMPTZ",
            (Self::Timestamp, Dialect::BigQuery) => "TIMESTAMP",
            (Self::Decimal, Dialect::DuckDb) => "DECIMAL(38,18)",
            (Self::Decimal, Dialect::BigQuery) => "BIGNUMERIC",
            (Self::String, Dialect::DuckDb) => "VARCHAR",
            (Self::String, Dialect::BigQuery) => "STRING",
            (Self::Int, Dialect::DuckDb) => "BIGINT",
            (Self::Int, Dialect::BigQuery) => "INT64",
            (Self::Bool, Dialect::DuckDb) => "BOOLEAN",
            (Self::Bool, Dialect::BigQuery) => "BOOL",
            (Self::StringArray, Dialect::DuckDb) => "VARCHAR[]",
            (Self::StringArray, Dialect::BigQuery) => "ARRAY<STRING>",
        }
    }
}

/// What stands in the SQL for a parameter. BigQuery's are typed where they are sent.
pub(super) fn placeholder(dialect: Dialect, name: &str, number: usize, kind: ParamType) -> String {
    match dialect {
        Dialect::DuckDb => format!("CAST(${number} AS {})", kind.sql_type(dialect)),
        Dialect::BigQuery => format!("@{name}"),
    }
}
