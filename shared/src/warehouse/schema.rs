//! Schemas of tables, in BigQuery's JSON form with a small header.

use serde::{Deserialize, Serialize};

/// A table as a file of `configs/` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSchema {
    /// Its name; absent where one file describes several tables, as `focus.json` does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What one row is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The column whose day partitions it (DATE or TIMESTAMP).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<String>,
    /// Whether whoever asks has to say which partitions: BigQuery then refuses a question that would
    /// read all of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub require_partition_filter: bool,
    /// Days after which BigQuery drops a partition by itself; a warehouse of one machine keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition_expiration_days: Option<u16>,
    /// The columns it is clustered by, at most four.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cluster_by: Vec<String>,
    /// The columns.
    pub fields: Vec<Field>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Whether it may be null, or is a list.
    #[serde(default)]
    pub mode: Mode,
    /// What it means.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// The types of BigQuery that we use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ColumnType {
    /// Text; JSON is kept as canonical text too.
    String,
    /// 64 bits.
    Integer,
    /// DECIMAL(38,18): amounts and quantities.
    Bignumeric,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment, to the microsecond.
    Timestamp,
}

/// Whether a column may be null, or is a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Mode {
    /// May be null.
    #[default]
    Nullable,
    /// Never null.
    Required,
    /// A list.
    Repeated,
}

/// A view of several tables of one dataset together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewSchema {
    /// Its name.
    pub name: String,
    /// The tables, which all have the columns.
    pub tables: Vec<String>,
    /// The columns, in order.
    pub columns: Vec<String>,
}
