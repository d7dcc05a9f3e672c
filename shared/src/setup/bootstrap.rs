//! The deployment's own dataset: `configs/setup/bootstrap/`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;
use utoipa::ToSchema;

use super::{
    apply::{self, Report, look},
    compare::Difference,
    schemas,
};
use crate::{
    Error, Result,
    configs::Configs,
    error::Detail,
    warehouse::{Dataset, TableSchema, Warehouse},
};

const CONFIG: &str = "setup/bootstrap/config.yml";
const SCHEMAS: &str = "setup/bootstrap/schemas/";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    /// What the dataset is for.
    #[serde(rename = "description")]
    _description: String,
    /// Its tables, in the order in which they are made and reported.
    tables: Vec<Spanned<String>>,
}

/// The tables of the deployment's dataset, in their order.
///
/// # Errors
///
/// Every mistake in the list and in every schema, each with its file.
pub fn bootstrap_tables(configs: &Configs) -> Result<Vec<TableSchema>, Vec<String>> {
    let text = configs.get(CONFIG).ok_or_else(|| vec![format!("{CONFIG}: the file is missing")])?;
    let config: Config = serde_saphyr::from_str(text)
        .map_err(|error| vec![format!("{CONFIG}: {}", error.without_snippet())])?;
    let listed = config.tables.iter().map(|name| format!("{SCHEMAS}{}.json", name.value));
    let read = schemas::all(listed.map(|path| named(configs, &path)));
    let mistakes = list_mistakes(&config.tables, configs);
    match read {
        Ok(tables) if mistakes.is_empty() => Ok(tables),
        Ok(_) => Err(mistakes),
        Err(more) => Err([mistakes, more].concat()),
    }
}

/// A table of the deployment has a name of its own.
fn named(configs: &Configs, path: &str) -> Result<TableSchema, Vec<String>> {
    let schema = schemas::table(configs, path)?;
    if schema.name.is_empty() {
        Err(vec![format!("{path}: a table has a name")])
    } else {
        Ok(schema)
    }
}

fn list_mistakes(listed: &[Spanned<String>], configs: &Configs) -> Vec<String> {
    let (mut seen, mut mistakes) = (BTreeSet::new(), Vec::new());
    for name in listed {
        if !seen.insert(format!("{SCHEMAS}{}.json", name.value)) {
            let line = name.referenced.line();
            mistakes.push(format!("{CONFIG}:{line}: `{}` stands here twice", name.value));
        }
    }
    let forgotten =
        configs.below(SCHEMAS).map(|(path, _)| path).filter(|path| !seen.contains(*path));
    mistakes.extend(forgotten.map(|path| format!("{CONFIG}: it does not list {path}")));
    mistakes
}

/// What exists of the deployment's dataset against what should.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Status {
    /// Whether nothing is missing.
    pub complete: bool,
    /// Tables that are as they should be.
    pub tables: Vec<String>,
    /// Tables that do not exist.
    pub missing_tables: Vec<String>,
    /// Columns that tables lack.
    pub missing_columns: BTreeMap<String, Vec<String>>,
    /// Columns that cannot become what their schema says.
    pub incompatible: Vec<String>,
}

/// Makes and completes the deployment's dataset.
#[derive(Debug)]
pub struct Bootstrap {
    warehouse: Arc<dyn Warehouse>,
    configs: Arc<Configs>,
}

impl Bootstrap {
    /// Over a warehouse, from the schemas of `configs`.
    #[must_use]
    pub fn new(warehouse: Arc<dyn Warehouse>, configs: Arc<Configs>) -> Self {
        Self { warehouse, configs }
    }

    /// Makes or completes the dataset and its tables; with `dry_run`, only says what it would do.
    ///
    /// # Errors
    ///
    /// 422 with every mistake in the schemas, or every change that would lose data: nothing is made
    /// then. 503 when something is still missing afterwards.
    pub async fn run(&self, dry_run: bool) -> Result<Report> {
        let tables = self.tables()?;
        if dry_run {
            return apply::dry_run(&*self.warehouse, &Dataset::System, &tables).await;
        }
        let labels = BTreeMap::from([("managed_by".to_owned(), "convergence".to_owned())]);
        self.warehouse.create_dataset(&Dataset::System, &labels).await?;
        apply::apply(&*self.warehouse, &Dataset::System, &tables).await
    }

    /// What exists against what should.
    ///
    /// # Errors
    ///
    /// 422 with every mistake in the schemas.
    pub async fn status(&self) -> Result<Status> {
        let tables = self.tables()?;
        let mut status = Status::default();
        for (schema, difference) in look(&*self.warehouse, &Dataset::System, &tables).await? {
            match difference {
                Ok(Difference::Nothing) => status.tables.push(schema.name.clone()),
                Ok(Difference::Missing) => status.missing_tables.push(schema.name.clone()),
                Ok(Difference::Lacks(columns)) => {
                    status.missing_columns.insert(schema.name.clone(), columns);
                }
                Err(mistakes) => status.incompatible.extend(mistakes),
            }
        }
        status.complete = status.tables.len() == tables.len();
        Ok(status)
    }

    fn tables(&self) -> Result<Vec<TableSchema>> {
        bootstrap_tables(&self.configs).map_err(|mistakes| {
            let detail = |message| Detail { field: String::new(), message };
            Error::Invalid {
                message: "the schemas of this deployment have mistakes, see details".to_owned(),
                details: mistakes.into_iter().map(detail).collect(),
            }
        })
    }
}
