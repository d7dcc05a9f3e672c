//! Files of organizations: what was imported, kept as it came, under the hash of its bytes.
//!
//! A folder embedded, a bucket on Google Cloud. A file becomes visible whole or not at all, and
//! no name that a caller chose is ever part of a path.

mod absent;
#[cfg(feature = "google")]
mod bucket;
mod direct;
mod folder;
mod hash;
mod local;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;

#[cfg(feature = "google")]
pub use self::bucket::Bucket;
pub use self::{
    absent::AbsentFiles,
    direct::{Direct, Invitation},
    folder::Folder,
    hash::Sha256,
    local::LocalFile,
};
use crate::org::OrgSlug;

/// A file that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// How many there are.
    pub bytes: u64,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The backend cannot be reached, or its disk is full; the same call may work later.
    #[error("the files store is unavailable")]
    Unavailable(#[source] anyhow::Error),
    /// A local file that cannot be read.
    #[error("cannot read {path}: {reason}", path = .0.display(), reason = .1)]
    Unreadable(PathBuf, std::io::Error),
}

impl From<FilesError> for crate::Error {
    fn from(error: FilesError) -> Self {
        let message = error.to_string();
        match error {
            FilesError::Unavailable(cause) => Self::Unavailable { message, cause },
            FilesError::Unreadable(..) => Self::invalid("input", message),
        }
    }
}

/// A file on its way in. Dropping it discards what was written.
#[async_trait]
pub trait Incoming: Send {
    /// Adds bytes.
    async fn write(&mut self, chunk: Bytes) -> Result<(), FilesError>;

    /// Makes the file visible.
    async fn keep(self: Box<Self>) -> Result<Kept, FilesError>;
}

/// A place for files.
#[async_trait]
pub trait Files: Send + Sync + fmt::Debug {
    /// Begins a file of an organization.
    async fn begin(&self, org: &OrgSlug) -> Result<Box<dyn Incoming>, FilesError>;

    /// A kept file where this machine can read it; `None` where there is none.
    async fn local(&self, org: &OrgSlug, sha256: &Sha256) -> Result<Option<LocalFile>, FilesError>;

    /// Keeps a copy of a file of this machine.
    async fn keep(&self, org: &OrgSlug, path: &Path) -> Result<Kept, FilesError>;

    /// How clients can send files past us; `None` where they send them to us.
    fn direct(&self) -> Option<&dyn Direct> {
        None
    }

    /// Succeeds when the backend answers.
    async fn ping(&self) -> Result<(), FilesError>;
}
