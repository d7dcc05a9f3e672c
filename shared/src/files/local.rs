//! A file where this machine can read it.

use std::path::{Path, PathBuf};
#[cfg(feature = "google")]
use std::sync::Arc;

#[cfg(feature = "google")]
use tempfile::TempPath;

/// A file on this machine's disk. A copy that was made to be read goes with the last who holds it.
#[derive(Debug, Clone)]
pub struct LocalFile(Place);

#[derive(Debug, Clone)]
enum Place {
    Stays(PathBuf),
    #[cfg(feature = "google")]
    Goes(Arc<TempPath>),
}

impl LocalFile {
    /// A file that stays when nobody reads it any more.
    #[must_use]
    pub fn staying(path: PathBuf) -> Self {
        Self(Place::Stays(path))
    }

    /// A copy that nobody needs afterwards.
    #[cfg(feature = "google")]
    pub(super) fn going(path: TempPath) -> Self {
        Self(Place::Goes(Arc::new(path)))
    }

    /// Where it is, for as long as this is held.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &self.0 {
            Place::Stays(path) => path,
            #[cfg(feature = "google")]
            Place::Goes(path) => path,
        }
    }
}
