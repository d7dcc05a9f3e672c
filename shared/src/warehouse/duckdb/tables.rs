//! Tables that grow columns and never lose any; views made again.

use duckdb::Connection;

use super::{catalog, names, types};
use crate::warehouse::{Applied, Field, Mode, TableSchema, ViewSchema, WarehouseError};

/// What [`apply`] would do.
pub(super) fn plan(
    connection: &Connection,
    schema: &str,
    table: &TableSchema,
) -> Result<Applied, WarehouseError> {
    catalog::require(connection, schema)?;
    match catalog::describe(connection, schema)?.get(&table.name) {
        None => Ok(Applied::Created),
        Some(there) => compare(table, there),
    }
}

/// The columns that are missing, unless the table has something that the schema lacks or changes.
fn compare(table: &TableSchema, there: &[Field]) -> Result<Applied, WarehouseError> {
    let find = |fields: &[Field], name: &str| fields.iter().find(|f| f.name == name).cloned();
    let mut problems = Vec::new();
    for old in there {
        match find(&table.fields, &old.name) {
            None => problems.push(format!("column `{}` would be lost", old.name)),
            Some(new) if (new.kind, new.mode) != (old.kind, old.mode) => problems.push(format!(
                "column `{}` is {:?} {:?} and cannot become {:?} {:?}",
                old.name, old.mode, old.kind, new.mode, new.kind
            )),
            Some(_) => {}
        }
    }
    let missing = || table.fields.iter().filter(|new| find(there, &new.name).is_none());
    let required = missing().filter(|new| new.mode == Mode::Required);
    problems.extend(required.map(|new| format!("new column `{}` cannot be REQUIRED", new.name)));
    if !problems.is_empty() {
        let what = problems.join("; ");
        return Err(WarehouseError::Incompatible(format!("table `{}`: {what}", table.name)));
    }
    let added: Vec<String> = missing().map(|new| new.name.clone()).collect();
    Ok(if added.is_empty() { Applied::Unchanged } else { Applied::Updated(added) })
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
    if let Some(absent) = view.tables.iter().find(|table| !there.contains_key(*table)) {
        return Err(WarehouseError::NoSuchTable(absent.clone()));
    }
    if view.tables.is_empty() || view.columns.is_empty() {
        let what = format!("view `{}` needs a table and a column", view.name);
        return Err(WarehouseError::Incompatible(what));
    }
    let columns = names::list(view.columns.iter().map(String::as_str));
    let select = |table: &String| format!("SELECT {columns} FROM {}", names::table(schema, table));
    let all: Vec<String> = view.tables.iter().map(select).collect();
    let (name, all) = (names::table(schema, &view.name), all.join(" UNION ALL "));
    Ok(connection.execute_batch(&format!("CREATE OR REPLACE VIEW {name} AS {all}"))?)
}
