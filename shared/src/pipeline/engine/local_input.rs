//! A run's file on this machine, and the hash of its bytes.

use std::{fmt, path::Path, sync::Arc, time::SystemTime};

use anyhow::Context as _;
use tokio::{sync::Mutex, task::JoinHandle};

use super::StepError;
use crate::{
    files::{Files, FilesError, Kept, LocalFile},
    org::OrgSlug,
};

/// A file on this machine's disk.
#[derive(Debug, Clone)]
pub struct LocalInput {
    file: LocalFile,
    hash: Hash,
}

#[derive(Clone)]
enum Hash {
    Known(String),
    Coming(Arc<Mutex<Copy>>),
}

/// A copy that is being made of a file that is not kept yet.
struct Copy {
    task: Option<JoinHandle<Result<Kept, FilesError>>>,
    /// What the file looked like when the copy began.
    looked: Looks,
    sha256: Option<String>,
}

/// What tells that a file was written to.
type Looks = (u64, Option<SystemTime>);

impl LocalInput {
    /// A file that is kept, under its hash.
    #[must_use]
    pub fn kept(file: LocalFile, sha256: String) -> Self {
        Self { file, hash: Hash::Known(sha256) }
    }

    /// Where it is, for as long as this is held.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// A file on this machine that is not kept yet. It is copied while it is read, which takes no
    /// longer than the slower of both.
    ///
    /// # Errors
    ///
    /// Where the file is not there.
    pub async fn copied(
        files: &Arc<dyn Files>,
        org: &OrgSlug,
        file: LocalFile,
    ) -> Result<Self, StepError> {
        let looked = looks(file.path()).await?;
        let (files, org, source) = (files.clone(), org.clone(), file.clone());
        let task = Some(tokio::spawn(async move { files.keep(&org, source.path()).await }));
        let copy = Arc::new(Mutex::new(Copy { task, looked, sha256: None }));
        Ok(Self { file, hash: Hash::Coming(copy) })
    }

    /// The hash of the file's bytes, in hex; waits until it is known. Whoever asks after reading
    /// the file has read what the hash is of.
    ///
    /// # Errors
    ///
    /// Where the file could not be copied, or changed meanwhile.
    pub async fn sha256(&self) -> Result<String, StepError> {
        let copy = match &self.hash {
            Hash::Known(sha256) => return Ok(sha256.clone()),
            Hash::Coming(copy) => copy,
        };
        let mut copy = copy.lock().await;
        if let Some(task) = copy.task.take() {
            let kept = task.await.context("copying the file panicked")??;
            copy.sha256 = Some(kept.sha256.as_str().to_owned());
        }
        if looks(self.path()).await? != copy.looked {
            let message = "the file was written to while it was read; run it again";
            return Err(StepError::failed("input_changed", message));
        }
        let lost = || StepError::failed("input_unreadable", "the file could not be kept");
        copy.sha256.clone().ok_or_else(lost)
    }
}

async fn looks(path: &Path) -> Result<Looks, StepError> {
    let unreadable = |error| StepError::from(FilesError::Unreadable(path.to_owned(), error));
    let found = tokio::fs::metadata(path).await.map_err(unreadable)?;
    Ok((found.len(), found.modified().ok()))
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(sha256) => f.write_str(sha256),
            Self::Coming(_) => f.write_str("…"),
        }
    }
}
