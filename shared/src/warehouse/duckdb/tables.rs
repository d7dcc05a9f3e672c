//! Tables that grow columns and never lose any; views made again.

use duckdb::Connection;

use super::{catalog, names, types};
use crate::warehouse::{Applied, Field, Mode, TableSchema, ViewSchema, WarehouseError, growth};

/// What [`apply`] would do.
pub(super) fn plan(
    connection: &Connection,
    schema: &str,
    table: &TableSchema,
) -> Result<Applied, WarehouseError> {
    catalog::require(connection, schema)?;
    match catalog::describe(connection, schema)?.get(&table.name) {
        None => Ok(Applied::Created),
        Some(there) => growth::compare(table, there),
    }
}

/// Makes the table or adds its columns, all of them or none.
pub(super) fn apply(
    connection: &Connection,
    schema: &str,
    table: &TableSchema,
) -> Result<Applied, WarehouseError> {
    let plan = plan(connection, schema, table)?;
    let name = names::table(schema, &table.name);
    match &plan {
        Applied::Unchanged => {}
        Applied::Created => {
            let columns: Vec<String> = table.fields.iter().map(column).collect();
            connection.execute_batch(&format!("CREATE TABLE {name} ({})", columns.join(", ")))?;
        }
        Applied::Updated(added) => {
            connection.execute_batch("BEGIN")?;
            for field in table.fields.iter().filter(|field| added.contains(&field.name)) {
                let sql = format!("ALTER TABLE {name} ADD COLUMN {}", column(field));
                connection.execute_batch(&sql)?;
            }
            connection.execute_batch("COMMIT")?;
        }
    }
    Ok(plan)
}

fn column(field: &Field) -> String {
    let required = if field.mode == Mode::Required { " NOT NULL" } else { "" };
    format!("{} {}{required}", names::quote(&field.name), types::sql(field))
}

pub(super) fn apply_view(
    connection: &Connection,
    schema: &str,
    view: &ViewSchema,
) -> Result<(), WarehouseError> {
    let there = catalog::describe(connection, schema)?;
    catalog::require(connection, schema)?;
    growth::check_view(view, &there)?;
    let columns = names::list(view.columns.iter().map(String::as_str));
    let select = |table: &String| format!("SELECT {columns} FROM {}", names::table(schema, table));
    let all: Vec<String> = view.tables.iter().map(select).collect();
    let (name, all) = (names::table(schema, &view.name), all.join(" UNION ALL "));
    Ok(connection.execute_batch(&format!("CREATE OR REPLACE VIEW {name} AS {all}"))?)
}
