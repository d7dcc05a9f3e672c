//! Rows into a table, matched to its columns by name.

use std::sync::Arc;

use duckdb::{Connection, params_from_iter};

use super::{ask, catalog, names, scan::Scan};
use crate::warehouse::{Batches, Field, WarehouseError, fit, prql::Bound};

/// Where rows go, and the text columns that are the same in all of them.
pub(super) struct Insert {
    pub(super) schema: String,
    pub(super) table: String,
    pub(super) constants: Vec<(String, String)>,
}

impl Insert {
    pub(super) fn target(&self) -> String {
        names::table(&self.schema, &self.table)
    }

    /// Fails where the table does not exist.
    pub(super) fn require(&self, connection: &Connection) -> Result<(), WarehouseError> {
        self.columns(connection).map(drop)
    }

    /// Loads everything that a reader gives; all of it or nothing. Returns the number of rows.
    pub(super) fn rows(
        &self,
        connection: &Connection,
        rows: Arc<dyn Batches>,
    ) -> Result<u64, WarehouseError> {
        let incoming = rows.schema();
        let given: Vec<&str> = self.constants.iter().map(|(name, _)| name.as_str()).collect();
        fit::check(&self.table, &self.columns(connection)?, &incoming, &given)?;
        let columns = names::list(incoming.fields().iter().map(|field| field.name().as_str()));
        let (mut into, mut select) = (columns.clone(), columns);
        for (name, _) in &self.constants {
            into = format!("{into}, {}", names::quote(name));
            select.push_str(", CAST(? AS VARCHAR)");
        }
        let scan = Scan::new(rows);
        let sql =
            format!("INSERT INTO {} ({into}) SELECT {select} FROM {}", self.target(), scan.sql());
        let values = params_from_iter(self.constants.iter().map(|(_, value)| value));
        let done = connection.execute(&sql, values).map_err(|error| scan.explain(error))?;
        Ok(done as u64)
    }

    /// Loads what a query over the same dataset returns. Returns the number of rows.
    pub(super) fn query(
        &self,
        connection: &Connection,
        query: &Bound,
    ) -> Result<u64, WarehouseError> {
        ask::enter(connection, &self.schema)?;
        let outgoing = ask::schema(connection, query)?;
        fit::check(&self.table, &self.columns(connection)?, &outgoing, &[])?;
        let columns = names::list(outgoing.fields().iter().map(|field| field.name().as_str()));
        let sql = format!("INSERT INTO {} ({columns}) {}", self.target(), query.sql);
        Ok(connection.execute(&sql, ask::values(query))? as u64)
    }

    fn columns(&self, connection: &Connection) -> Result<Vec<Field>, WarehouseError> {
        catalog::require(connection, &self.schema)?;
        catalog::describe(connection, &self.schema)?
            .remove(&self.table)
            .ok_or_else(|| WarehouseError::NoSuchTable(self.table.clone()))
    }
}
