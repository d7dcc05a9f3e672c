//! Making a dataset's tables what their schemas say, and looking again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compare::{Difference, compare};
use crate::{
    Error, Result,
    error::Detail,
    warehouse::{Applied, Dataset, TableSchema, Warehouse, WarehouseError},
};

/// Every table by name, and what was done with it (or would be).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Those that were not there.
    pub created: Vec<String>,
    /// Those that lacked columns.
    pub updated: Vec<String>,
    /// Those that were as they should be.
    pub unchanged: Vec<String>,
    /// The columns that the updated ones gained.
    pub added_columns: BTreeMap<String, Vec<String>>,
}

impl Report {
    fn add(&mut self, table: &str, applied: Applied) {
        match applied {
            Applied::Created => self.created.push(table.to_owned()),
            Applied::Unchanged => self.unchanged.push(table.to_owned()),
            Applied::Updated(columns) => {
                self.updated.push(table.to_owned());
                self.added_columns.insert(table.to_owned(), columns);
            }
        }
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.created.is_empty() && self.updated.is_empty()
    }
}

/// What [`apply`] would do. A dataset that does not exist has no tables.
///
/// # Errors
///
/// 422 with every column that could not become what its schema says.
pub async fn dry_run(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    tables: &[TableSchema],
) -> Result<Report> {
    let (mut report, mut details) = (Report::default(), Vec::new());
    for (schema, difference) in look(warehouse, dataset, tables).await? {
        match difference {
            Ok(Difference::Missing) => report.add(&schema.name, Applied::Created),
            Ok(Difference::Lacks(columns)) => report.add(&schema.name, Applied::Updated(columns)),
            Ok(Difference::Nothing) => report.add(&schema.name, Applied::Unchanged),
            Err(mistakes) => details.extend(mistakes.into_iter().map(incompatible)),
        }
    }
    Error::check(details)?;
    Ok(report)
}

/// Makes the tables and adds the columns that are missing, in a dataset that exists. Says success
/// only after having looked again. The same call again changes nothing.
///
/// # Errors
///
/// 422 as [`dry_run`], before anything is made; 503 when something is missing afterwards.
pub async fn apply(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    tables: &[TableSchema],
) -> Result<Report> {
    let planned = dry_run(warehouse, dataset, tables).await?;
    let mut report = Report { unchanged: planned.unchanged.clone(), ..Report::default() };
    for schema in tables.iter().filter(|schema| !planned.unchanged.contains(&schema.name)) {
        let applied = warehouse.apply_table(dataset, schema).await.map_err(refused)?;
        report.add(&schema.name, applied);
    }
    let after = dry_run(warehouse, dataset, tables).await?;
    if after.is_complete() {
        return Ok(report);
    }
    let missing = [after.created, after.updated].concat().join(", ");
    let message = format!("these tables are still not complete, please try again: {missing}");
    Err(Error::Unavailable { cause: anyhow::anyhow!(message.clone()), message })
}

/// Each table with how it differs from its schema.
pub(super) async fn look<'a>(
    warehouse: &dyn Warehouse,
    dataset: &Dataset,
    tables: &'a [TableSchema],
) -> Result<Vec<(&'a TableSchema, Result<Difference, Vec<String>>)>, WarehouseError> {
    let existing = warehouse.describe(dataset).await?;
    let columns = |schema: &TableSchema| existing.get(&schema.name).map(Vec::as_slice);
    Ok(tables.iter().map(|schema| (schema, compare(columns(schema), schema))).collect())
}

fn incompatible(message: String) -> Detail {
    let field = message.split(':').next().unwrap_or_default().to_owned();
    Detail { field, message }
}

fn refused(error: WarehouseError) -> Error {
    match error {
        WarehouseError::Incompatible(message) => Error::invalid("", message),
        other => other.into(),
    }
}
