//! Clients of BigQuery's services, made on first use and shared.

use anyhow::Context as _;
use google_cloud_bigquery::client::{Read, Write};
use google_cloud_bigquery_v2::client::{DatasetService, JobService, TableService};
use tokio::sync::OnceCell;

use crate::{google::Access, warehouse::WarehouseError};

pub(super) struct Clients {
    rest: Access,
    storage: Access,
    datasets: OnceCell<DatasetService>,
    tables: OnceCell<TableService>,
    jobs: OnceCell<JobService>,
    write: OnceCell<Write>,
    read: OnceCell<Read>,
}

impl Clients {
    pub(super) fn new(rest: Access, storage: Access) -> Self {
        Self {
            rest,
            storage,
            datasets: OnceCell::new(),
            tables: OnceCell::new(),
            jobs: OnceCell::new(),
            write: OnceCell::new(),
            read: OnceCell::new(),
        }
    }

    pub(super) async fn datasets(&self) -> Result<&DatasetService, WarehouseError> {
        let make =
            async || self.rest.prepare(DatasetService::builder())?.build().await.context(NONE);
        Ok(self.datasets.get_or_try_init(make).await?)
    }

    pub(super) async fn tables(&self) -> Result<&TableService, WarehouseError> {
        let make = async || self.rest.prepare(TableService::builder())?.build().await.context(NONE);
        Ok(self.tables.get_or_try_init(make).await?)
    }

    pub(super) async fn jobs(&self) -> Result<&JobService, WarehouseError> {
        let make = async || self.rest.prepare(JobService::builder())?.build().await.context(NONE);
        Ok(self.jobs.get_or_try_init(make).await?)
    }

    pub(super) async fn read(&self) -> Result<&Read, WarehouseError> {
        let make = async || self.storage.prepare(Read::builder())?.build().await.context(NONE);
        Ok(self.read.get_or_try_init(make).await?)
    }

    /// Its streams are tried again where they are used: each knows what it sent already.
    pub(super) async fn write(&self) -> Result<&Write, WarehouseError> {
        let make = async || {
            let mut builder = Write::builder().with_credentials(self.storage.credentials()?);
            if let Some(endpoint) = self.storage.endpoint() {
                builder = builder.with_endpoint(endpoint);
            }
            builder.build().await.context(NONE)
        };
        Ok(self.write.get_or_try_init(make).await?)
    }
}

const NONE: &str = "no client of BigQuery";
