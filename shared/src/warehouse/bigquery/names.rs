//! Tables by their full names, in SQL and in the paths of the Storage APIs.

use super::BigQuery;

/// What the tables of staged rows begin with. BigQuery hides nothing, so we do.
pub(super) const STAGING: &str = "_staging_";

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    /// The project.
    pub project: String,
    /// The dataset.
    pub dataset: String,
    /// The table's own name.
    pub name: String,
}

impl Table {
    /// As SQL takes it.
    #[must_use]
    pub fn sql(&self) -> String {
        format!("{}.{}.{}", quote(&self.project), quote(&self.dataset), quote(&self.name))
    }

    /// As the Storage APIs take it.
    #[must_use]
    pub fn path(&self) -> String {
        format!("projects/{}/datasets/{}/tables/{}", self.project, self.dataset, self.name)
    }

    /// Another table of the same dataset.
    pub(super) fn sibling(&self, name: String) -> Self {
        Self { name, ..self.clone() }
    }
}

impl BigQuery {
    pub(super) fn table(&self, dataset: &str, name: &str) -> Table {
        let (project, dataset) = (self.project().to_owned(), dataset.to_owned());
        Table { project, dataset, name: name.to_owned() }
    }
}

/// A name as SQL takes it, whatever it contains.
pub(super) fn quote(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

/// Several names with commas between.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}
