//! The tables that organizations may have, from `configs/setup/organization/`.

use std::{collections::BTreeMap, sync::Arc};

use crate::{configs::Configs, warehouse::TableSchema};

const FOLDER: &str = "setup/organization/";

/// Schemas of an organization's tables, by name.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    schemas: Arc<BTreeMap<String, TableSchema>>,
}

impl Tables {
    /// Reads every schema, and lists the files that are none.
    #[must_use]
    pub fn read(configs: &Configs) -> (Self, Vec<String>) {
        let (mut schemas, mut wrong) = (BTreeMap::new(), Vec::new());
        for (path, text) in configs.below(FOLDER) {
            let Some(name) = path.strip_prefix(FOLDER).and_then(|p| p.strip_suffix(".json")) else {
                continue;
            };
            match serde_json::from_str::<TableSchema>(text) {
                Ok(mut schema) => {
                    name.clone_into(&mut schema.name);
                    schemas.insert(name.to_owned(), schema);
                }
                Err(error) => wrong.push(format!("{path}: {error}")),
            }
        }
        (Self { schemas: Arc::new(schemas) }, wrong)
    }

    /// The schema of a table; every `focus_{provider}` has that of `focus.json`.
    #[must_use]
    pub fn get(&self, table: &str) -> Option<TableSchema> {
        let file = if is_focus(table) { "focus" } else { table };
        let mut schema = self.schemas.get(file)?.clone();
        table.clone_into(&mut schema.name);
        Some(schema).filter(|_| table != "focus")
    }

    /// Names of all tables that stand in a file of their own.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.schemas.keys().map(String::as_str).filter(|name| *name != "focus").collect()
    }
}

/// Whether a table holds FOCUS rows.
#[must_use]
pub fn is_focus(table: &str) -> bool {
    table.strip_prefix("focus_").is_some_and(|provider| {
        !provider.is_empty()
            && provider.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
    })
}
