//! Where everything is kept: one URL per backend, whose scheme chooses it.

use std::{
    fmt,
    num::{NonZeroU16, NonZeroU64},
    path::PathBuf,
    thread::available_parallelism,
};

use super::{environment::data_dir, source::Source, table::Setting};

pub(super) const TABLE: &[Setting] = &[
    Setting::new("WAREHOUSE_URL", "duckdb:{DATA_DIR}/convergence.duckdb", "Organizations' tables"),
    Setting::new("STORE_URL", "sqlite:{DATA_DIR}/store.db", "Operational state"),
    Setting::new("QUEUE_URL", "local:", "Where runs are announced"),
    Setting::new(
        "DEAD_LETTERS_URL",
        "",
        "Where Pub/Sub puts what it gives up, as in `pubsub://{project}/subscriptions/{name}`: the sweep looks there",
    ),
    Setting::new("KMS_URL", "file:{DATA_DIR}/kms.key", "What data keys are wrapped with"),
    Setting::new("FILES_URL", "file:{DATA_DIR}/files", "Uploads"),
    Setting::new("BIGQUERY_EMULATOR_HOST", "", "The warehouse is an emulator"),
    Setting::new(
        "BIGQUERY_STORAGE_EMULATOR_HOST",
        "",
        "Where that emulator serves the Storage Read and Write APIs",
    ),
    Setting::new(
        "BIGQUERY_MAX_BYTES_BILLED",
        "107374182400",
        "A job that would bill more bytes is refused before it runs",
    ),
    Setting::new("FIRESTORE_EMULATOR_HOST", "", "The store is an emulator"),
    Setting::new("PUBSUB_EMULATOR_HOST", "", "The queue is an emulator"),
    Setting::new("KMS_EMULATOR_HOST", "", "The KMS is a fake"),
    Setting::new("STORAGE_EMULATOR_HOST", "", "The bucket is a fake"),
    Setting::new(
        "DUCKDB_MEMORY_LIMIT",
        "200MB",
        "What queries may hold before they spill to disk, as DuckDB takes it, as in `300MB`",
    ),
    Setting::new(
        "DUCKDB_THREADS",
        "",
        "How many threads DuckDB has; as many as processors unless set",
    ),
];

/// Where one thing is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendUrl {
    /// The setting that it comes from.
    pub setting: &'static str,
    /// What chooses the backend.
    pub scheme: String,
    /// What follows the scheme: a path, or what the backend makes of it.
    pub rest: String,
    /// Whether it is in a cloud, and not an emulator of one.
    pub cloud: bool,
    /// Whether it is an emulator or a file of ours.
    pub stand_in: bool,
    /// The emulator's `host:port`, where there is one.
    pub emulator: Option<String>,
}

/// How DuckDB is opened.
#[derive(Debug, Clone)]
pub struct DuckDb {
    /// How much memory it may take, as it writes that itself.
    pub memory_limit: String,
    /// How many threads it has.
    pub threads: u16,
}

/// How BigQuery is used.
#[derive(Debug, Clone)]
pub struct BigQuery {
    /// A job that would bill more bytes is refused before it runs.
    pub max_bytes_billed: NonZeroU64,
    /// Where an emulator serves the Storage APIs, which are a service of their own.
    pub storage_emulator: Option<String>,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub struct Backends {
    /// Organizations' tables.
    pub warehouse: BackendUrl,
    /// Operational state.
    pub store: BackendUrl,
    /// Where runs are announced.
    pub queue: BackendUrl,
    /// Where the queue puts what it gives up.
    pub dead_letters: Option<BackendUrl>,
    /// What data keys are wrapped with.
    pub kms: BackendUrl,
    /// Uploads.
    pub files: BackendUrl,
    /// How DuckDB is opened, where it is.
    pub duckdb: DuckDb,
    /// How BigQuery is used, where it is.
    pub bigquery: BigQuery,
}

impl Backends {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let data = data_dir(source);
        let at = |scheme: &str, file: &str| format!("{scheme}:{}", data.join(file).display());
        let (warehouse, store) = (at("duckdb", "convergence.duckdb"), at("sqlite", "store.db"));
        let (kms, files) = (at("file", "kms.key"), at("file", "files"));
        let processors = available_parallelism().ok().and_then(|count| count.try_into().ok());
        Self {
            warehouse: url(source, "WAREHOUSE_URL", &warehouse, "BIGQUERY_EMULATOR_HOST"),
            store: url(source, "STORE_URL", &store, "FIRESTORE_EMULATOR_HOST"),
            queue: url(source, "QUEUE_URL", "local:", "PUBSUB_EMULATOR_HOST"),
            dead_letters: source
                .text("DEAD_LETTERS_URL")
                .map(|given| url(source, "DEAD_LETTERS_URL", given, "PUBSUB_EMULATOR_HOST")),
            kms: url(source, "KMS_URL", &kms, "KMS_EMULATOR_HOST"),
            files: url(source, "FILES_URL", &files, "STORAGE_EMULATOR_HOST"),
            duckdb: DuckDb {
                memory_limit: source.text("DUCKDB_MEMORY_LIMIT").unwrap_or("200MB").to_owned(),
                threads: source
                    .value("DUCKDB_THREADS", processors.unwrap_or(NonZeroU16::MIN))
                    .get(),
            },
            bigquery: bigquery(source),
        }
    }

    /// Every backend.
    pub fn all(&self) -> impl Iterator<Item = &BackendUrl> {
        [&self.warehouse, &self.store, &self.queue, &self.kms, &self.files].into_iter()
    }

    /// Whether any of them is a real one, in a cloud.
    #[must_use]
    pub fn any_cloud(&self) -> bool {
        self.all().any(|url| url.cloud)
    }

    pub(super) fn require_real(&self, source: &mut Source<'_>) {
        for url in self.all().filter(|url| url.stand_in) {
            let message = format!("`{url}` is embedded or an emulator; a real one is needed here");
            source.problem(url.setting, &message);
        }
    }
}

impl BackendUrl {
    /// The path of an embedded backend: `sqlite:./data/store.db`, `file:///var/data`.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.rest.strip_prefix("//").unwrap_or(&self.rest).into()
    }
}

impl fmt::Display for BackendUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.rest)
    }
}

/// 100 GiB: some sixty cents, and more than any of our queries reads of a large organization.
const MAX_BYTES_BILLED: NonZeroU64 = NonZeroU64::MIN.saturating_add((100 << 30) - 1);

fn bigquery(source: &mut Source<'_>) -> BigQuery {
    let storage = "BIGQUERY_STORAGE_EMULATOR_HOST";
    let storage_emulator = source.text(storage).map(str::to_owned);
    let half = source.text("BIGQUERY_EMULATOR_HOST").is_some() != storage_emulator.is_some();
    if half {
        source.problem(storage, "it is set together with BIGQUERY_EMULATOR_HOST, or not at all");
    }
    let max_bytes_billed = source.value("BIGQUERY_MAX_BYTES_BILLED", MAX_BYTES_BILLED);
    BigQuery { max_bytes_billed, storage_emulator }
}

fn url(source: &mut Source<'_>, name: &'static str, default: &str, emulator: &str) -> BackendUrl {
    let text = source.text(name).unwrap_or(default);
    let (scheme, rest) = text.split_once(':').unwrap_or_else(|| {
        source.problem(name, "it begins with a scheme, as in its default");
        ("", text)
    });
    let embedded = matches!(scheme, "duckdb" | "sqlite" | "local" | "file");
    let emulator = source.text(emulator).filter(|_| !embedded).map(str::to_owned);
    BackendUrl {
        setting: name,
        scheme: scheme.to_owned(),
        rest: rest.to_owned(),
        cloud: !embedded && emulator.is_none(),
        stand_in: embedded || emulator.is_some(),
        emulator,
    }
}
