//! Backends by the schemes of their URLs: nothing else asks where it runs.

use std::sync::Arc;

use anyhow::bail;
use tokio::sync::mpsc::UnboundedReceiver;

use super::Embedded;
#[cfg(feature = "google")]
use crate::{
    dead_letters::DeadLetterSubscription,
    files::Bucket,
    google::{CloudRunJob, Identity},
    queue::PubSub,
    store::firestore::FirestoreStore,
    vault::CloudKms,
    warehouse::bigquery::{BigQuery, BigQueryOptions},
};
use crate::{
    dead_letters::GivenUp,
    files::Files,
    ids::Ids,
    queue::{Queue, RunMessage, local},
    runs::Imports,
    settings::{BackendUrl, Settings},
    store::Store,
    vault::{FileKms, Kms},
    warehouse::Warehouse,
};

/// A queue, and what an embedded one hands over.
pub(super) type OpenedQueue = (Arc<dyn Queue>, Option<UnboundedReceiver<RunMessage>>);

/// What backends are opened with.
pub(super) struct Backends<'a> {
    pub(super) settings: &'a Settings,
    pub(super) embedded: Embedded,
    pub(super) ids: Arc<dyn Ids>,
    /// One for all clients, which so share its tokens.
    #[cfg(feature = "google")]
    pub(super) identity: Identity,
}

impl Backends<'_> {
    /// Operational state.
    pub(super) fn store(&self) -> anyhow::Result<Arc<dyn Store>> {
        let url = &self.settings.backends.store;
        match url.scheme.as_str() {
            #[cfg(feature = "google")]
            "firestore" => {
                let access = self.identity.access(url);
                Ok(Arc::new(FirestoreStore::new(url, access, self.ids.clone())?))
            }
            "sqlite" => (self.embedded.store)(self.settings),
            _ => unknown(url, "sqlite"),
        }
    }

    /// Organizations' tables.
    pub(super) fn warehouse(&self) -> anyhow::Result<Arc<dyn Warehouse>> {
        let url = &self.settings.backends.warehouse;
        match url.scheme.as_str() {
            #[cfg(feature = "google")]
            "bigquery" => {
                let options = BigQueryOptions::read(self.settings, &self.identity)?;
                Ok(Arc::new(BigQuery::new(options, self.ids.clone())))
            }
            "duckdb" => (self.embedded.warehouse)(self.settings),
            _ => unknown(url, "duckdb"),
        }
    }

    /// Uploads.
    pub(super) fn files(&self) -> anyhow::Result<Arc<dyn Files>> {
        let url = &self.settings.backends.files;
        match url.scheme.as_str() {
            #[cfg(feature = "google")]
            "gs" => Ok(Arc::new(Bucket::new(url, self.identity.access(url))?)),
            "file" => (self.embedded.files)(self.settings, self.ids.clone()),
            _ => unknown(url, "file"),
        }
    }

    /// What data keys are wrapped with.
    pub(super) fn kms(&self) -> anyhow::Result<Arc<dyn Kms>> {
        let url = &self.settings.backends.kms;
        let make = self.settings.auth.make_missing;
        match url.scheme.as_str() {
            #[cfg(feature = "google")]
            "gcpkms" => Ok(Arc::new(CloudKms::new(url, self.identity.access(url))?)),
            "file" => Ok(Arc::new(FileKms::open(&url.path(), make, self.ids.clone())?)),
            _ => unknown(url, "file"),
        }
    }

    /// Where runs are announced.
    pub(super) fn queue(&self) -> anyhow::Result<OpenedQueue> {
        let url = &self.settings.backends.queue;
        match url.scheme.as_str() {
            #[cfg(feature = "google")]
            "pubsub" => Ok((Arc::new(PubSub::new(url, self.identity.access(url))?), None)),
            "local" => {
                let (queue, deliveries) = local::channel();
                Ok((Arc::new(queue), Some(deliveries)))
            }
            _ => unknown(url, "local"),
        }
    }

    /// Where the queue puts what it gives up; an embedded one gives nothing up.
    pub(super) fn given_up(&self) -> anyhow::Result<Option<Arc<dyn GivenUp>>> {
        match &self.settings.backends.dead_letters {
            None => Ok(None),
            #[cfg(feature = "google")]
            Some(url) => {
                let at = DeadLetterSubscription::new(url, self.identity.access(url))?;
                Ok(Some(Arc::new(at)))
            }
            #[cfg(not(feature = "google"))]
            Some(url) => bail!("{}: this build knows no `{}:`; unset it", url.setting, url.scheme),
        }
    }

    /// What large imports are handed to; without Google's clients there is no such job.
    pub(super) fn imports(&self) -> Option<Imports> {
        match &self.settings.work.job {
            #[cfg(feature = "google")]
            Some(job) => {
                let min_bytes = job.min_bytes;
                let job = Arc::new(CloudRunJob::new(job.clone(), &self.identity));
                Some(Imports { job, min_bytes })
            }
            _ => None,
        }
    }
}

fn unknown<T>(
    BackendUrl { setting, scheme, .. }: &BackendUrl,
    embedded: &str,
) -> anyhow::Result<T> {
    bail!("{setting}: this build knows no backend `{scheme}:`; it knows `{embedded}:`")
}
