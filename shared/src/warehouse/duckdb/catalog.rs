//! Datasets: schemas with labels.

use std::collections::BTreeMap;

use anyhow::Context as _;
use duckdb::{Connection, params};

use super::{names, types};
use crate::warehouse::{Description, WarehouseError};

type Labels = BTreeMap<String, String>;

/// Makes the table that keeps datasets' labels. It is in no dataset.
pub(super) fn prepare(connection: &Connection) -> Result<(), WarehouseError> {
    Ok(connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS main.dataset_labels (dataset VARCHAR NOT NULL, labels VARCHAR NOT NULL)",
    )?)
}

pub(super) fn exists(connection: &Connection, schema: &str) -> Result<bool, WarehouseError> {
    let sql = "SELECT count(*) > 0 FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name = ?";
    Ok(connection.query_row(sql, [schema], |row| row.get(0))?)
}

pub(super) fn require(connection: &Connection, schema: &str) -> Result<(), WarehouseError> {
    if exists(connection, schema)? {
        Ok(())
    } else {
        Err(WarehouseError::NoSuchDataset(schema.to_owned()))
    }
}

pub(super) fn create(
    connection: &Connection,
    schema: &str,
    labels: &Labels,
) -> Result<(), WarehouseError> {
    if exists(connection, schema)? {
        return Ok(());
    }
    let labels = serde_json::to_string(labels).context("labels")?;
    connection.execute_batch("BEGIN")?;
    connection.execute_batch(&format!("CREATE SCHEMA {}", names::quote(schema)))?;
    connection.execute("INSERT INTO main.dataset_labels VALUES (?, ?)", params![schema, labels])?;
    Ok(connection.execute_batch("COMMIT")?)
}

pub(super) fn labels(
    connection: &Connection,
    schema: &str,
) -> Result<Option<Labels>, WarehouseError> {
    if !exists(connection, schema)? {
        return Ok(None);
    }
    let sql = "SELECT coalesce(max(labels), '{}') FROM main.dataset_labels WHERE dataset = ?";
    let text: String = connection.query_row(sql, [schema], |row| row.get(0))?;
    Ok(Some(serde_json::from_str(&text).context("labels of a dataset")?))
}

pub(super) fn drop(connection: &Connection, schema: &str) -> Result<(), WarehouseError> {
    if !exists(connection, schema)? {
        return Ok(());
    }
    connection.execute_batch("BEGIN")?;
    connection.execute_batch(&format!("DROP SCHEMA {} CASCADE", names::quote(schema)))?;
    connection.execute("DELETE FROM main.dataset_labels WHERE dataset = ?", [schema])?;
    Ok(connection.execute_batch("COMMIT")?)
}

/// Tables with their columns in order; views are none.
pub(super) fn describe(
    connection: &Connection,
    schema: &str,
) -> Result<Description, WarehouseError> {
    let mut statement = connection.prepare(
        "SELECT c.table_name, c.column_name, c.data_type, c.is_nullable \
         FROM duckdb_columns() c JOIN duckdb_tables() t USING (database_name, schema_name, table_name) \
         WHERE c.database_name = current_database() AND c.schema_name = ? \
         ORDER BY c.table_name, c.column_index",
    )?;
    let rows = statement.query_map([schema], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
    })?;
    let mut tables = Description::new();
    for row in rows {
        let (table, name, kind, nullable) = row?;
        let field = types::field(name, &kind, nullable)
            .with_context(|| format!("`{table}` has a column of the type {kind}"))?;
        tables.entry(table).or_default().push(field);
    }
    Ok(tables)
}
