//! A load that waits in an open transaction for the scope it replaces.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use async_trait::async_trait;
use duckdb::{Connection, params_from_iter};
use tokio::sync::OwnedRwLockReadGuard;

use super::{
    DuckDb,
    history::Table,
    load::Insert,
    names,
    pool::{self, Pool},
};
use crate::warehouse::{QueryStats, Replaced, Scope, Staged, WarehouseError};

/// From this many rows on, the write-ahead log is worth folding into the file at once.
const CHECKPOINT_ROWS: u64 = 100_000;

/// Rows in a transaction of their own. Dropping the connection rolls it back.
struct Load {
    connection: Connection,
    pool: Arc<Pool>,
    target: String,
    table: Arc<Table>,
    /// Replaces of the table before this one began.
    before: u64,
    /// The greatest row number before this one began; rows of the transaction have greater ones.
    last_row: i64,
    rows: u64,
    took: Duration,
    columns: OwnedRwLockReadGuard<()>,
}

impl DuckDb {
    /// Opens a transaction and loads rows into it.
    pub(super) async fn begin<F>(
        &self,
        insert: Insert,
        load: F,
    ) -> Result<Box<dyn Staged>, WarehouseError>
    where
        F: FnOnce(&Insert, &Connection) -> Result<u64, WarehouseError> + Send + 'static,
    {
        let target = insert.target();
        let (columns, table) = (self.history.shared(&target).await, self.history.table(&target));
        let _turn =
            self.loads.acquire().await.map_err(|error| WarehouseError::Other(error.into()))?;
        let pool = Arc::clone(&self.pool);
        let connection = pool::blocking(move || pool.take()).await?;
        // The snapshot is taken while no replace commits, so that the count is of that moment.
        let replaces = table.replaces.lock().await;
        let before = replaces.count();
        let (connection, (insert, last_row)) = pool::interruptible(connection, move |connection| {
            let last_row = snapshot(connection, &insert)?;
            Ok((insert, last_row))
        })
        .await?;
        drop(replaces);
        let began = Instant::now();
        let (connection, rows) =
            pool::interruptible(connection, move |connection| load(&insert, connection)).await?;
        let (pool, took) = (Arc::clone(&self.pool), began.elapsed());
        Ok(Box::new(Load {
            connection,
            pool,
            target,
            table,
            before,
            last_row,
            rows,
            took,
            columns,
        }))
    }
}

/// Begins a transaction and looks at the table: what is there now is what a replace may delete.
fn snapshot(connection: &Connection, insert: &Insert) -> Result<i64, WarehouseError> {
    insert.require(connection)?;
    connection.execute_batch("BEGIN")?;
    let sql = format!("SELECT coalesce(max(rowid), -1) FROM {}", insert.target());
    Ok(connection.query_row(&sql, [], |row| row.get(0))?)
}

#[async_trait]
impl Staged for Load {
    fn rows(&self) -> u64 {
        self.rows
    }

    fn stats(&self) -> QueryStats {
        QueryStats { duration: self.took, ..QueryStats::default() }
    }

    async fn replace(self: Box<Self>, scope: &Scope) -> Result<Replaced, WarehouseError> {
        let Self { connection, pool, target, table, before, last_row, rows, columns, .. } = *self;
        let mut replaces = table.replaces.lock().await;
        if replaces.overlaps(before, scope) {
            return Err(WarehouseError::Unavailable(anyhow!(
                "rows of `{}` in {target} were replaced meanwhile",
                scope.source
            )));
        }
        let older = scope.clone();
        let (connection, deleted) = pool::interruptible(connection, move |connection| {
            let deleted = delete(connection, &target, &older, last_row)?;
            connection.execute_batch("COMMIT")?;
            if rows.max(deleted) >= CHECKPOINT_ROWS {
                // Refused while others write; DuckDB does it later by itself then.
                let _ = connection.execute_batch("CHECKPOINT");
            }
            Ok(deleted)
        })
        .await?;
        replaces.push(scope.clone());
        pool.give(connection);
        drop(columns);
        Ok(Replaced { inserted: rows, deleted })
    }
}

/// Deletes the rows of a scope that were there before. Row numbers tell, not run ids: a second
/// attempt of a run has the same id.
fn delete(
    connection: &Connection,
    target: &str,
    scope: &Scope,
    last_row: i64,
) -> Result<u64, WarehouseError> {
    if scope.parts.is_empty() {
        return Ok(0);
    }
    let (mut values, mut parts) = (vec![scope.source.to_string()], Vec::new());
    for part in &scope.parts {
        let mut condition = Vec::new();
        if let Some(month) = part.month {
            condition.push(format!("{} = CAST(? AS DATE)", names::quote("x_billing_month")));
            values.push(month.to_string());
        }
        if let Some(days) = &part.days {
            let day = names::quote("x_charge_date");
            condition.push(format!("{day} >= CAST(? AS DATE) AND {day} < CAST(? AS DATE)"));
            values.extend([days.start.to_string(), days.end.to_string()]);
        }
        if condition.is_empty() {
            let what = "a part of a scope needs a month or days".to_owned();
            return Err(WarehouseError::Incompatible(what));
        }
        parts.push(format!("({})", condition.join(" AND ")));
    }
    let mut sql = format!("DELETE FROM {target} WHERE rowid <= {last_row} AND \"x_source_id\" = ?");
    let _ = write!(sql, " AND ({})", parts.join(" OR "));
    Ok(connection.execute(&sql, params_from_iter(values))? as u64)
}
