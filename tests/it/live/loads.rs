//! Two ways for the same rows into a staging table: the Storage Write API, which the product uses, and a
//! Parquet file in the bucket with a load job.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use arrow::array::RecordBatch;
use convergence::{
    configs::Configs,
    files::{Bucket, Files as _},
    google::{Access, Identity},
    http::outgoing,
    ids::Ids as _,
    org::OrgSlug,
    settings::Settings,
    setup::table,
    warehouse::{
        Dataset, Fixed, Mode, TableSchema, Warehouse as _,
        bigquery::{BigQuery, BigQueryOptions},
    },
};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use super::bytes;

const TARGET: &str = "focus_import";
const LOADED: &str = "focus_loaded";

/// A dataset and a bucket, and rows to load.
pub(super) struct Loads {
    warehouse: BigQuery,
    bucket: Bucket,
    rest: Access,
    options: BigQueryOptions,
    org: OrgSlug,
    /// `gs://{bucket}`
    at: String,
    rows: Vec<RecordBatch>,
}

impl Loads {
    /// `times` as many rows as the questions are tried on.
    pub(super) async fn new(settings: &Settings, slug: &str, times: usize) -> anyhow::Result<Self> {
        let identity = Identity::default();
        let options = BigQueryOptions::read(settings, &identity)?;
        let files = &settings.backends.files;
        let bucket = Bucket::new(files, identity.access(files))?;
        let (warehouse, org) = (super::warehouse(&options), OrgSlug::parse(slug)?);
        let dataset = Dataset::Org(org.clone());
        warehouse.create_dataset(&dataset, &std::collections::BTreeMap::new()).await?;
        let charges = table(&Configs::embedded(), "setup/organization/focus.json");
        let schema = TableSchema { name: TARGET.to_owned(), ..charges.expect("a schema") };
        warehouse.apply_table(&dataset, &schema).await?;
        // An emulator loads into tables that are there only.
        let mut loaded = TableSchema { name: LOADED.to_owned(), ..schema.clone() };
        loaded.fields.iter_mut().for_each(|field| field.mode = Mode::Nullable);
        warehouse.apply_table(&dataset, &loaded).await?;
        let rows = vec![bytes::batch(&schema)?; times];
        let rest = identity.access(&settings.backends.warehouse);
        let at = format!("gs:{}", files.rest);
        Ok(Self { warehouse, bucket, rest, options, org, at, rows })
    }

    fn count(&self) -> usize {
        self.rows.iter().map(RecordBatch::num_rows).sum()
    }

    /// By streams, as every import does it.
    pub(super) async fn streamed(&self) -> anyhow::Result<Duration> {
        let (dataset, began) = (Dataset::Org(self.org.clone()), Instant::now());
        let rows = Arc::new(Fixed::new(self.rows[0].schema(), self.rows.clone()));
        let staged = self.warehouse.stage(&dataset, TARGET, rows, &[]).await?;
        let took = began.elapsed();
        ensure!(staged.rows() == self.count() as u64, "{} rows", staged.rows());
        Ok(took)
    }

    /// By a file and a job: how long writing and sending the file took, and all of it.
    pub(super) async fn loaded(&self) -> anyhow::Result<(Duration, Duration)> {
        let began = Instant::now();
        let file = tempfile::NamedTempFile::new()?;
        let mut writer = ArrowWriter::try_new(file.reopen()?, self.rows[0].schema(), None)?;
        for batch in &self.rows {
            writer.write(batch)?;
        }
        writer.close()?;
        let kept = self.bucket.keep(&self.org, file.path()).await?;
        let sent = began.elapsed();
        let uri = format!("{}/files/{}/{}", self.at, self.org.key(), kept.sha256);
        let rows = self.load(&uri).await?;
        ensure!(rows == self.count().to_string(), "{rows} rows");
        Ok((sent, began.elapsed()))
    }

    /// Runs a load job to its end; says how many rows it loaded.
    async fn load(&self, uri: &str) -> anyhow::Result<String> {
        let BigQueryOptions { project, location, env, .. } = &self.options;
        let id = format!("load-{}", super::ids().new_id());
        let body = json!({
            "jobReference": { "projectId": project, "jobId": id, "location": location },
            "configuration": { "load": {
                "sourceUris": [uri],
                "sourceFormat": "PARQUET",
                "decimalTargetTypes": ["BIGNUMERIC"],
                "destinationTable": {
                    "projectId": project, "datasetId": self.org.dataset(*env), "tableId": LOADED,
                },
            } },
        });
        let mut job = self.asked(Some(&body), "").await?;
        while job["status"]["state"] != "DONE" {
            job = self.asked(None, &format!("/{id}?location={location}")).await?;
        }
        ensure!(job["status"]["errorResult"].is_null(), "{job:#}");
        let rows = &job["statistics"]["load"]["outputRows"];
        Ok(rows.as_str().with_context(|| format!("{job:#}"))?.to_owned())
    }

    async fn asked(&self, body: Option<&Value>, path: &str) -> anyhow::Result<Value> {
        let host = self.rest.endpoint();
        let host = host.as_deref().unwrap_or("https://bigquery.googleapis.com");
        let url = format!("{host}/bigquery/v2/projects/{}/jobs{path}", self.options.project);
        let client = outgoing().build()?;
        let request = match body {
            Some(body) => client.post(url).json(body),
            None => client.get(url),
        };
        let answer = request.headers(self.rest.headers().await?).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Both ways, as Markdown.
    pub(super) async fn page(&self) -> anyhow::Result<String> {
        let (streamed, (sent, loaded)) = (self.streamed().await?, self.loaded().await?);
        let mut page = format!("| {} rows | seconds |\n| --- | --- |\n", self.count());
        writeln!(page, "| Storage Write, until all is answered | {:.2} |", streamed.as_secs_f64())?;
        writeln!(page, "| Parquet: written and sent | {:.2} |", sent.as_secs_f64())?;
        writeln!(page, "| Parquet: loaded too | {:.2} |", loaded.as_secs_f64())?;
        Ok(page)
    }
}
