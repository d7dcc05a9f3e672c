//! Objects on this machine.

use anyhow::Context as _;
use tempfile::NamedTempFile;
use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{
    Bucket,
    digest::{Digest, Sums},
    failure::is_absent,
};
use crate::files::{FilesError, LocalFile};

impl Bucket {
    /// Copies an object into a temporary file; `None` where there is none. What was cut off is
    /// resumed; what arrived damaged is refused.
    pub(super) async fn download(
        &self,
        object: &str,
    ) -> Result<Option<(LocalFile, Sums)>, FilesError> {
        let client = self.client().await.map_err(|cause| self.unavailable(cause))?;
        let mut answer = match Box::pin(client.read_object(self.resource(), object).send()).await {
            Ok(answer) => answer,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(self.failed(error)),
        };
        let room = || format!("no room on this machine for {object}");
        let (file, path) = temporary().with_context(room).map_err(FilesError::Unavailable)?;
        let (mut file, mut digest) = (File::from_std(file), Digest::default());
        while let Some(chunk) = answer.next().await {
            let chunk = chunk.map_err(|error| self.failed(error))?;
            digest.add(&chunk);
            let written = file.write_all(&chunk).await.with_context(room);
            written.map_err(FilesError::Unavailable)?;
        }
        file.flush().await.with_context(room).map_err(FilesError::Unavailable)?;
        Ok(Some((LocalFile::going(path), digest.end())))
    }
}

/// A file that goes when its path is dropped. On Cloud Run it takes memory.
pub(super) fn temporary() -> anyhow::Result<(std::fs::File, tempfile::TempPath)> {
    Ok(NamedTempFile::with_prefix("convergence-")?.into_parts())
}
