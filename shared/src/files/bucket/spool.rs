//! A file that comes through us and waits for its end on this machine, because its name is its hash.

use anyhow::Context as _;
use async_trait::async_trait;
use bytes::Bytes;
use tempfile::TempPath;
use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{Bucket, digest::Digest, download::temporary};
use crate::{
    files::{FilesError, Incoming, Kept},
    org::OrgSlug,
};

/// A file on its way through.
pub(super) struct Spool {
    bucket: Bucket,
    org: OrgSlug,
    file: File,
    path: TempPath,
    digest: Digest,
}

impl Spool {
    pub(super) fn begin(bucket: Bucket, org: OrgSlug) -> Result<Self, FilesError> {
        let (file, path) = temporary().map_err(FilesError::Unavailable)?;
        let file = File::from_std(file);
        Ok(Self { bucket, org, file, path, digest: Digest::default() })
    }
}

#[async_trait]
impl Incoming for Spool {
    async fn write(&mut self, chunk: Bytes) -> Result<(), FilesError> {
        self.digest.add(&chunk);
        let written = self.file.write_all(&chunk).await.context("no room on this machine");
        written.map_err(FilesError::Unavailable)
    }

    async fn keep(mut self: Box<Self>) -> Result<Kept, FilesError> {
        let flushed = self.file.flush().await.context("no room on this machine");
        flushed.map_err(FilesError::Unavailable)?;
        self.bucket.upload(&self.org, &self.path, self.digest.end()).await
    }
}
