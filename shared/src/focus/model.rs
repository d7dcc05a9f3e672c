//! The columns of FOCUS, from `configs/system/focus.yml` and `configs/setup/organization/focus.json`.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::{OfficialRule, Version, rules};
use crate::{configs::Configs, warehouse::TableSchema};

const SCHEMA: &str = "setup/organization/focus.json";
const MODEL: &str = "system/focus.yml";

/// Whether a column must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Level {
    /// Always.
    Mandatory,
    /// Where the provider has what it tells.
    Conditional,
    /// Better so.
    Recommended,
}

/// `never`, for what a column must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Never {
    Never,
}

/// A column as the model has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelColumn {
    /// Its name.
    pub name: String,
    /// Whether it must be there.
    pub level: Level,
    /// The version that it came with.
    pub since: Version,
    #[serde(default)]
    nulls: Option<Never>,
    #[serde(default)]
    negative: Option<Never>,
    /// Whether its text is JSON.
    #[serde(default)]
    pub json: bool,
    /// The values that it may have; empty where any is allowed.
    #[serde(default)]
    pub values: Vec<String>,
}

impl ModelColumn {
    /// Whether FOCUS forbids that it is null.
    #[must_use]
    pub fn never_null(&self) -> bool {
        self.nulls.is_some()
    }

    /// Whether FOCUS forbids that it is below zero.
    #[must_use]
    pub fn never_negative(&self) -> bool {
        self.negative.is_some()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: Version,
    columns: Vec<ModelColumn>,
    dropped: Vec<DroppedColumn>,
    subcategories: BTreeMap<String, Vec<String>>,
}

/// A column that older versions have, and the one that we keep no more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DroppedColumn {
    /// Its name.
    pub name: String,
    /// The version that it came with.
    pub since: Version,
    /// The last version that has it.
    pub until: Version,
    /// The column that says what it said, unless `x_extra` says otherwise.
    pub now: String,
}

/// The FOCUS version that we keep, whole.
#[derive(Debug, Clone)]
pub struct Model {
    /// The version that we keep.
    pub version: Version,
    /// Its columns, in order.
    pub columns: Vec<ModelColumn>,
    /// Columns that older versions have beside these.
    pub dropped: Vec<DroppedColumn>,
    /// What FOCUS says of rows beyond their columns.
    pub rules: Vec<OfficialRule>,
    /// Which subcategories each service category has.
    pub subcategories: BTreeMap<String, Vec<String>>,
    /// The schema of every `focus_*` table: these columns, then ours (`x_…`).
    pub schema: TableSchema,
}

impl Model {
    /// Reads both files and holds them against each other.
    ///
    /// # Errors
    ///
    /// Fails where a file is missing or unreadable, or where they name other columns.
    pub fn read(configs: &Configs) -> anyhow::Result<Self> {
        let text = |path| configs.get(path).with_context(|| format!("{path}: the file is missing"));
        let schema: TableSchema = serde_json::from_str(text(SCHEMA)?)
            .with_context(|| format!("{SCHEMA}: it is no schema"))?;
        let written: Written = serde_saphyr::from_str(text(MODEL)?)
            .map_err(|error| anyhow::anyhow!("{MODEL}: {}", error.without_snippet()))?;
        let fields = schema.fields.iter().map(|field| field.name.as_str());
        let ours: Vec<_> = fields.filter(|name| !name.starts_with("x_")).collect();
        let theirs: Vec<_> = written.columns.iter().map(|column| column.name.as_str()).collect();
        ensure!(
            ours == theirs,
            "{MODEL}: it and {SCHEMA} have not the same columns in the same order"
        );
        let Written { version, columns, dropped, subcategories } = written;
        let rules = rules::read(configs, &columns)?;
        Ok(Self { version, columns, dropped, rules, subcategories, schema })
    }

    /// A column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ModelColumn> {
        self.columns.iter().find(|column| column.name == name)
    }
}
