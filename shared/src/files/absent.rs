//! The files of a function that has no use for them.

use std::path::Path;

use async_trait::async_trait;

use super::{Files, FilesError, Incoming, Kept, LocalFile, Sha256};
use crate::org::OrgSlug;

/// Refuses everything, saying what to run instead: `/health` still answers.
#[derive(Debug)]
pub struct AbsentFiles {
    /// The setting, as in `file:./data/files`.
    pub url: String,
}

impl AbsentFiles {
    fn refuse<T>(&self) -> Result<T, FilesError> {
        Err(FilesError::Unavailable(anyhow::anyhow!(
            "this function alone has no embedded files ({}); run `convergence serve`",
            self.url
        )))
    }
}

#[async_trait]
impl Files for AbsentFiles {
    async fn begin(&self, _: &OrgSlug) -> Result<Box<dyn Incoming>, FilesError> {
        self.refuse()
    }

    async fn local(&self, _: &OrgSlug, _: &Sha256) -> Result<Option<LocalFile>, FilesError> {
        self.refuse()
    }

    async fn keep(&self, _: &OrgSlug, _: &Path) -> Result<Kept, FilesError> {
        self.refuse()
    }

    async fn ping(&self) -> Result<(), FilesError> {
        self.refuse()
    }
}
