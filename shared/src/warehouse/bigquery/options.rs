//! How BigQuery is used: `WAREHOUSE_URL=bigquery://{project}?location=US`.

use anyhow::{Context as _, bail};

use crate::{
    google::{Access, Identity},
    org::Env,
    settings::{BackendUrl, Settings},
};

/// Where datasets are unless the URL says.
const LOCATION: &str = "US";

/// How BigQuery is used.
#[derive(Debug, Clone)]
pub struct BigQueryOptions {
    /// The project that keeps the datasets and pays for the jobs.
    pub project: String,
    /// Where datasets are made and jobs run, as in `US` or `europe-west3`.
    pub location: String,
    /// The suffix of organizations' datasets.
    pub env: Env,
    /// A job that would bill more bytes is refused before it runs.
    pub max_bytes_billed: i64,
    /// How to reach datasets, tables and jobs.
    pub rest: Access,
    /// How to reach the Storage Write and Read APIs.
    pub storage: Access,
}

impl BigQueryOptions {
    /// What the settings say.
    ///
    /// # Errors
    ///
    /// Fails where the URL names no project, or says what is not understood.
    pub fn read(settings: &Settings, identity: &Identity) -> anyhow::Result<Self> {
        let (url, bigquery) = (&settings.backends.warehouse, &settings.backends.bigquery);
        let (project, location) = project_and_location(url)?;
        let storage = BackendUrl { emulator: bigquery.storage_emulator.clone(), ..url.clone() };
        Ok(Self {
            project,
            location,
            env: settings.environment.env,
            max_bytes_billed: i64::try_from(bigquery.max_bytes_billed.get()).unwrap_or(i64::MAX),
            rest: identity.access(url),
            storage: identity.access(&storage),
        })
    }
}

fn project_and_location(url: &BackendUrl) -> anyhow::Result<(String, String)> {
    let understood =
        || format!("{}: `{url}` is not `bigquery://{{project}}?location=US`", url.setting);
    let rest = url.rest.strip_prefix("//").with_context(understood)?;
    let (project, query) = rest.split_once('?').unwrap_or((rest, ""));
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.');
    if project.is_empty() || !project.chars().all(allowed) {
        bail!(understood());
    }
    let location = match query.split_once('=') {
        None if query.is_empty() => LOCATION,
        Some(("location", place))
            if place.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') =>
        {
            place
        }
        _ => bail!(understood()),
    };
    Ok((project.to_owned(), location.to_owned()))
}
