//! Column types: of schemas, of DuckDB, and of the Arrow batches that fit them.

use arrow::datatypes::{DataType, TimeUnit};

use crate::{
    decimal::{PRECISION, SCALE},
    warehouse::{ColumnType, Field, Mode},
};

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

/// Whether values of an Arrow type go into a column exactly: DuckDB would round or cut others.
pub(super) fn fits(field: &Field, data: &DataType) -> bool {
    match (field.mode, data) {
        (Mode::Repeated, DataType::List(item) | DataType::LargeList(item)) => {
            scalar_fits(field.kind, item.data_type())
        }
        (Mode::Repeated, _) => false,
        (_, scalar) => scalar_fits(field.kind, scalar),
    }
}

fn scalar_fits(kind: ColumnType, data: &DataType) -> bool {
    match (kind, data) {
        (ColumnType::String, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        | (ColumnType::Integer, DataType::Int64 | DataType::Int32)
        | (ColumnType::Boolean, DataType::Boolean)
        | (ColumnType::Date, DataType::Date32)
        | (ColumnType::Timestamp, DataType::Timestamp(TimeUnit::Microsecond, _)) => true,
        (ColumnType::Bignumeric, DataType::Decimal128(precision, scale)) => {
            let whole = i16::from(*precision) - i16::from(*scale);
            *scale >= 0
                && *scale <= SCALE.cast_signed()
                && whole <= i16::from(PRECISION) - i16::from(SCALE)
        }
        _ => false,
    }
}
