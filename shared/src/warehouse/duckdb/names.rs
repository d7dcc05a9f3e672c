//! Identifiers: made from checked types only, and always quoted.

use crate::{org::Env, warehouse::Dataset};

/// The schema of a dataset, not quoted.
pub(super) fn schema(dataset: &Dataset, env: Env) -> String {
    match dataset {
        Dataset::System => "organizations".to_owned(),
        Dataset::Org(slug) => slug.dataset(env),
    }
}

/// A name as SQL takes it, whatever it contains.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table with its schema.
pub(super) fn table(schema: &str, table: &str) -> String {
    format!("{}.{}", quote(schema), quote(table))
}

/// Several names with commas between.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}
