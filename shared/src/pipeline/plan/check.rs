//! What checks of processors know: the tables, the files beside the pipeline, and where to note
//! mistakes.

use super::tables::{Tables, is_focus};
use crate::{
    configs::Configs,
    pipeline::{
        config::{At, Problems},
        engine::PARAMETERS,
    },
    warehouse::prql::{self, Dialect},
};

/// The surroundings of a pipeline while it is checked.
#[derive(Debug)]
pub struct Check<'a> {
    /// All configs.
    pub configs: &'a Configs,
    /// All tables.
    pub tables: &'a Tables,
    /// The folder of the pipeline, ending in `/`.
    pub folder: &'a str,
    /// Whether queries are compiled too, which takes milliseconds each.
    pub queries: bool,
    /// Where mistakes go.
    pub problems: &'a mut Problems,
}

impl Check<'_> {
    /// Notes a mistake.
    pub fn problem(&mut self, line: u64, message: impl Into<String>) {
        self.problems.add(line, message);
    }

    /// The table must have a schema.
    pub fn table(&mut self, table: &At<String>) {
        if self.tables.get(&table.value).is_none() {
            let known = self.tables.names().join(", ");
            let message = format!(
                "there is no table `{}` in configs/setup/organization; there are {known} and `focus_{{provider}}`",
                table.value
            );
            self.problem(table.line, message);
        }
    }

    /// The table must be one of FOCUS rows.
    pub fn focus_table(&mut self, table: &At<String>) {
        if is_focus(&table.value) {
            self.table(table);
        } else {
            let message = format!("`{}` is no `focus_{{provider}}` table", table.value);
            self.problem(table.line, message);
        }
    }

    /// The table, if it exists, must have the column.
    pub fn column(&mut self, table: &str, column: &At<String>) {
        let Some(schema) = self.tables.get(table) else { return };
        if !schema.fields.iter().any(|field| field.name == column.value) {
            let message = format!("table `{table}` has no column `{}`", column.value);
            self.problem(column.line, message);
        }
    }

    /// Where a file is that a pipeline names: beside it, or, with a slash before it, below
    /// `configs/`, for queries that several pipelines have in common.
    #[must_use]
    pub fn path(&self, file: &str) -> String {
        match file.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("{}{file}", self.folder),
        }
    }

    /// The query's file must be there, and compile.
    pub fn query(&mut self, file: &At<String>) {
        let path = self.path(&file.value);
        let Some(text) = self.configs.get(&path) else {
            self.problem(file.line, format!("there is no file `configs/{path}`"));
            return;
        };
        if self.queries
            && let Err(error) = check_query(text)
        {
            self.problem(file.line, format!("`{}` does not compile: {error}", file.value));
        }
    }
}

/// A query compiles in both dialects and names no parameter that nobody hands in.
fn check_query(text: &str) -> Result<(), String> {
    for dialect in [Dialect::DuckDb, Dialect::BigQuery] {
        prql::sql(text, dialect).map_err(|error| error.to_string())?;
    }
    let named = prql::parameters(text).map_err(|error| error.to_string())?;
    match named.iter().find(|name| !PARAMETERS.contains(&name.as_str())) {
        Some(name) => {
            let known = PARAMETERS.map(|name| format!("`${name}`")).join(", ");
            Err(format!("there is no parameter `${name}`; there are {known}"))
        }
        None => Ok(()),
    }
}
