//! Column types: of schemas, and of DuckDB.

use crate::warehouse::{ColumnType, Field, Mode};

/// The type of a column in DuckDB, as DuckDB itself writes it.
pub(super) fn sql(field: &Field) -> String {
    let item = item(field.kind);
    if field.mode == Mode::Repeated { format!("{item}[]") } else { item.to_owned() }
}

fn item(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::String => "VARCHAR",
        ColumnType::Integer => "BIGINT",
        ColumnType::Bignumeric => "DECIMAL(38,18)",
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP WITH TIME ZONE",
    }
}

/// The column that DuckDB's catalogue describes; `None` for a type that is not ours.
pub(super) fn field(name: String, sql: &str, nullable: bool) -> Option<Field> {
    let (scalar, list) = sql.strip_suffix("[]").map_or((sql, false), |scalar| (scalar, true));
    let kinds = [
        ColumnType::String,
        ColumnType::Integer,
        ColumnType::Bignumeric,
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Timestamp,
    ];
    let kind = kinds.into_iter().find(|kind| item(*kind) == scalar)?;
    let mode = match (list, nullable) {
        (true, _) => Mode::Repeated,
        (false, true) => Mode::Nullable,
        (false, false) => Mode::Required,
    };
    Some(Field { name, kind, mode, description: String::new() })
}
