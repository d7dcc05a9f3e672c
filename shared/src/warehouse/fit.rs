//! Whether rows fit a table: checked before they are sent, the same for every backend.

use arrow::datatypes::{DataType, Schema, TimeUnit};

use super::{ColumnType, Field, Mode, WarehouseError};
use crate::decimal::{PRECISION, SCALE};

/// Refuses columns that the table lacks, that do not fit exactly, or that are wanted and absent.
/// `constants` are text columns that are added to each row.
pub(super) fn check(
    table: &str,
    columns: &[Field],
    incoming: &Schema,
    constants: &[&str],
) -> Result<(), WarehouseError> {
    let find = |name: &str| columns.iter().find(|field| field.name == name);
    let mut problems = Vec::new();
    for field in incoming.fields() {
        let (name, data) = (field.name(), field.data_type());
        match find(name) {
            None => problems.push(format!("it has no column `{name}`")),
            Some(column) if !fits(column, data) => {
                problems.push(format!("{data} does not fit column `{name}`"));
            }
            Some(_) => {}
        }
    }
    for name in constants {
        if !find(name).is_some_and(|column| fits(column, &DataType::Utf8)) {
            problems.push(format!("it has no text column `{name}`"));
        }
    }
    let given = |name: &str| incoming.column_with_name(name).is_some() || constants.contains(&name);
    let wanted = columns.iter().filter(|c| c.mode == Mode::Required && !given(&c.name));
    problems.extend(wanted.map(|column| format!("column `{}` is required", column.name)));
    if problems.is_empty() { Ok(()) } else { Err(misfit(table, &problems.join("; "))) }
}

/// Rows that a table cannot take.
pub(super) fn misfit(table: &str, why: &str) -> WarehouseError {
    WarehouseError::Incompatible(format!("rows do not fit table `{table}`: {why}"))
}

/// Whether values of an Arrow type go into a column exactly: backends would round or cut others.
fn fits(field: &Field, data: &DataType) -> bool {
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
