//! Where pipelines, schemas and registries come from.

use std::path::PathBuf;

use super::{source::Source, table::Setting};

pub(super) const TABLE: &[Setting] =
    &[Setting::new("CONFIG_DIR", "", "A folder instead of the `configs/` that is built in")];

/// Where pipelines, schemas and registries come from.
#[derive(Debug, Clone)]
pub struct ConfigFiles {
    /// A folder instead of what is built in.
    pub folder: Option<PathBuf>,
}

impl ConfigFiles {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let folder = source.text("CONFIG_DIR").map(PathBuf::from);
        if folder.as_ref().is_some_and(|folder| !folder.is_dir()) {
            source.problem("CONFIG_DIR", "it is not a folder");
        }
        Self { folder }
    }
}
