//! Schema files: read, and checked before anything is made of them.

use std::{collections::BTreeSet, path::Path};

use crate::{
    configs::Configs,
    warehouse::{ColumnType, Field, Mode, TableSchema},
};

const ORGANIZATION: &str = "setup/organization/";

/// Reads and checks the table that a file describes.
///
/// # Errors
///
/// Every mistake in it, each with the name of the file.
pub fn table(configs: &Configs, path: &str) -> Result<TableSchema, Vec<String>> {
    let text = configs.get(path).ok_or_else(|| vec![format!("{path}: the file is missing")])?;
    let schema: TableSchema =
        serde_json::from_str(text).map_err(|error| vec![format!("{path}: {error}")])?;
    let mistakes = mistakes(&schema, stem(path));
    if mistakes.is_empty() {
        Ok(schema)
    } else {
        Err(mistakes.into_iter().map(|mistake| format!("{path}: {mistake}")).collect())
    }
}

/// The tables that every organization's dataset has from its first day. A file without a name
/// describes a family of tables, which come with their provider.
///
/// # Errors
///
/// Every mistake in every file.
pub fn organization_tables(configs: &Configs) -> Result<Vec<TableSchema>, Vec<String>> {
    let files = configs.below(ORGANIZATION).filter(|(path, _)| is_json(path));
    let read = all(files.map(|(path, _)| table(configs, path)))?;
    Ok(read.into_iter().filter(|schema| !schema.name.is_empty()).collect())
}

/// All of them, or every mistake of any.
pub(super) fn all<T>(
    results: impl Iterator<Item = Result<T, Vec<String>>>,
) -> Result<Vec<T>, Vec<String>> {
    let (mut read, mut mistakes) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => read.push(value),
            Err(more) => mistakes.extend(more),
        }
    }
    if mistakes.is_empty() { Ok(read) } else { Err(mistakes) }
}

fn is_json(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "json")
}

fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.strip_suffix(".json").unwrap_or(name)
}

fn mistakes(schema: &TableSchema, stem: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !schema.name.is_empty() && schema.name != stem {
        found.push(format!("it is named `{}`, not after its file", schema.name));
    }
    if schema.fields.is_empty() {
        found.push("a table has columns".to_owned());
    }
    let mut seen = BTreeSet::new();
    for field in &schema.fields {
        if !is_identifier(&field.name) {
            found.push(format!("`{}` cannot name a column", field.name));
        }
        if !seen.insert(field.name.to_lowercase()) {
            found.push(format!("column `{}` stands here twice", field.name));
        }
    }
    found.extend(schema.partition_by.iter().filter_map(|name| partition_mistake(schema, name)));
    found.extend(rule_mistakes(schema).into_iter().map(str::to_owned));
    found.extend(schema.cluster_by.iter().filter_map(|name| cluster_mistake(schema, name)));
    if schema.cluster_by.len() > 4 {
        found.push("a table is clustered by at most four columns".to_owned());
    }
    found
}

fn partition_mistake(schema: &TableSchema, name: &str) -> Option<String> {
    match column(schema, name) {
        None => Some(format!("it is partitioned by `{name}`, which is none of its columns")),
        Some(field) if !matches!(field.kind, ColumnType::Date | ColumnType::Timestamp) => {
            Some(format!("it is partitioned by `{name}`, which is neither DATE nor TIMESTAMP"))
        }
        Some(field) if field.mode == Mode::Repeated => {
            Some(format!("it is partitioned by `{name}`, which is a list"))
        }
        Some(_) => None,
    }
}

fn rule_mistakes(schema: &TableSchema) -> Vec<&'static str> {
    let mut found = Vec::new();
    let ruled = schema.require_partition_filter || schema.partition_expiration_days.is_some();
    if ruled && schema.partition_by.is_none() {
        found.push("it has rules of partitions, and no partitions");
    }
    if schema.partition_expiration_days == Some(0) {
        found.push("its partitions are kept for at least a day");
    }
    found
}

fn cluster_mistake(schema: &TableSchema, name: &str) -> Option<String> {
    match column(schema, name) {
        None => Some(format!("it is clustered by `{name}`, which is none of its columns")),
        Some(field) if field.mode == Mode::Repeated => {
            Some(format!("it is clustered by `{name}`, which is a list"))
        }
        Some(_) => None,
    }
}

fn column<'a>(schema: &'a TableSchema, name: &str) -> Option<&'a Field> {
    schema.fields.iter().find(|field| field.name == name)
}

/// What may name a table or a column in every backend.
pub(super) fn is_identifier(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (1..=128).contains(&text.len())
        && text.chars().all(allowed)
        && !text.starts_with(|c: char| c.is_ascii_digit())
}
