//! Files in a bucket of Cloud Storage: `gs://{bucket}/{prefix}files/{organization}/{sha256}`.
//!
//! An object is seen whole or not at all, and a name is never written twice: every upload says that
//! there must be none yet, so a name that is taken already holds the same bytes. The hash that names
//! a file is known only at its end; what comes through us waits for it in a temporary file, because
//! the bucket can neither rename nor be asked to hash. Nothing is held in memory but a buffer.
//!
//! Google's own client is used for writes and reads: it resumes both and checks CRC32C. What it does
//! by gRPC only (lists, deletes, copies) is not needed: what clients send (`incoming/`) is deleted
//! by a rule of the bucket.

mod digest;
mod direct;
mod download;
mod failure;
mod spool;
mod upload;

use std::{fmt, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use google_cloud_auth::signer::Signer;
use google_cloud_storage::client::Storage;
use tokio::sync::OnceCell;

use self::{digest::Digest, failure::is_absent, spool::Spool};
use super::{Direct, Files, FilesError, Incoming, Kept, LocalFile, Sha256};
use crate::{
    google::{self, Access},
    org::OrgSlug,
    settings::BackendUrl,
};

/// A bucket of files. Cheap to clone.
#[derive(Clone)]
pub struct Bucket {
    /// As its owner calls it.
    name: String,
    /// What every object's name begins with: empty, or ending with `/`.
    prefix: String,
    access: Access,
    client: Arc<OnceCell<Storage>>,
    signer: Arc<OnceCell<Signer>>,
}

impl Bucket {
    /// Names a bucket; nothing is asked of it yet.
    ///
    /// # Errors
    ///
    /// Fails where the URL is not `gs://{bucket}` or `gs://{bucket}/{prefix}`.
    pub fn new(url: &BackendUrl, access: Access) -> anyhow::Result<Self> {
        let (name, prefix) = url
            .rest
            .strip_prefix("//")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
            .filter(|(name, _)| !name.is_empty())
            .with_context(|| format!("{}: `{url}` is not `gs://{{bucket}}`", url.setting))?;
        let prefix = prefix.trim_end_matches('/');
        ensure!(!prefix.starts_with('/'), "{}: `{url}` has an empty folder", url.setting);
        Ok(Self {
            name: name.to_owned(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            access,
            client: Arc::default(),
            signer: Arc::default(),
        })
    }

    /// Signs with `signer` instead of the process's own account.
    #[must_use]
    pub fn with_signer(self, signer: Signer) -> Self {
        Self { signer: Arc::new(OnceCell::new_with(Some(signer))), ..self }
    }

    async fn client(&self) -> anyhow::Result<&Storage> {
        self.client
            .get_or_try_init(async || {
                let mut builder = Storage::builder()
                    .with_credentials(self.access.credentials()?)
                    .with_retry_policy(google::patient_policy())
                    .with_backoff_policy(self.access.waits().backoff());
                if let Some(endpoint) = self.access.endpoint() {
                    builder = builder.with_endpoint(endpoint);
                }
                builder.build().await.context("no client of Cloud Storage")
            })
            .await
    }

    /// The bucket, as the API names it.
    fn resource(&self) -> String {
        format!("projects/_/buckets/{}", self.name)
    }

    fn kept_name(&self, org: &OrgSlug, sha256: &Sha256) -> String {
        format!("{}files/{}/{sha256}", self.prefix, org.key())
    }
}

#[async_trait]
impl Files for Bucket {
    async fn begin(&self, org: &OrgSlug) -> Result<Box<dyn Incoming>, FilesError> {
        Ok(Box::new(Spool::begin(self.clone(), org.clone())?))
    }

    async fn local(&self, org: &OrgSlug, sha256: &Sha256) -> Result<Option<LocalFile>, FilesError> {
        let Some((file, sums)) = self.download(&self.kept_name(org, sha256)).await? else {
            return Ok(None);
        };
        if sums.kept.sha256 != *sha256 {
            let other = &sums.kept.sha256;
            return Err(self.unavailable(anyhow::anyhow!("{sha256} holds {other}")));
        }
        Ok(Some(file))
    }

    async fn keep(&self, org: &OrgSlug, path: &Path) -> Result<Kept, FilesError> {
        let sums = Digest::of_file(path).await?;
        self.upload(org, path, sums).await
    }

    fn direct(&self) -> Option<&dyn Direct> {
        Some(self)
    }

    /// Asks for an object that is not there: whoever is told so reached the bucket.
    async fn ping(&self) -> Result<(), FilesError> {
        let client = self.client().await.map_err(|cause| self.unavailable(cause))?;
        let asked = client.read_object(self.resource(), format!("{}ping", self.prefix)).send();
        match Box::pin(asked).await {
            Err(error) if !is_absent(&error) => Err(self.failed(error)),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("name", &self.name)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
