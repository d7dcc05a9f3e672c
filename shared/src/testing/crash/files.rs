//! Files whose process dies after a write.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;

use super::CrashPoint;
use crate::{
    files::{Direct, Files, FilesError, Incoming, Kept, LocalFile, Sha256},
    org::OrgSlug,
};

/// The files of another place, reached by a process that dies. Keeping one is one write.
#[derive(Debug)]
pub struct CrashingFiles {
    inner: Arc<dyn Files>,
    point: CrashPoint,
}

impl CrashingFiles {
    /// `inner` until `point`.
    #[must_use]
    pub fn new(inner: Arc<dyn Files>, point: CrashPoint) -> Self {
        Self { inner, point }
    }
}

#[async_trait]
impl Files for CrashingFiles {
    async fn begin(&self, org: &OrgSlug) -> Result<Box<dyn Incoming>, FilesError> {
        self.point.alive().await;
        self.inner.begin(org).await
    }

    async fn local(&self, org: &OrgSlug, sha256: &Sha256) -> Result<Option<LocalFile>, FilesError> {
        self.point.alive().await;
        self.inner.local(org, sha256).await
    }

    async fn keep(&self, org: &OrgSlug, path: &Path) -> Result<Kept, FilesError> {
        self.point.alive().await;
        let kept = self.inner.keep(org, path).await?;
        self.point.wrote().await;
        Ok(kept)
    }

    fn direct(&self) -> Option<&dyn Direct> {
        self.inner.direct()
    }

    async fn ping(&self) -> Result<(), FilesError> {
        self.point.alive().await;
        self.inner.ping().await
    }
}
