//! How long work on one run may take, and where large imports are done.

use std::time::Duration;

use super::{environment::Environment, source::Source, table::Setting};

pub(super) const TABLE: &[Setting] = &[
    Setting::new(
        "DELIVERY_TIMEOUT_SECONDS",
        "600",
        "How long a delivery of a run may take: the request time-out of the service that executes runs, at most the 600 that Pub/Sub waits. Nothing new is begun after 4/5 of it, and work is cut after 9/10",
    ),
    Setting::new(
        "IMPORT_JOB",
        "",
        "The Cloud Run job that does large imports, as in `projects/p/locations/r/jobs/j`; unless set, they are done like all others",
    ),
    Setting::new("IMPORT_JOB_MIN_BYTES", "268435456", "From which size an import is large"),
    Setting::new(
        "IMPORT_JOB_TIMEOUT_SECONDS",
        "14400",
        "How long that job may take for one import",
    ),
    Setting::new("CLOUD_RUN_EMULATOR_HOST", "", "The API that starts the job is a fake"),
];

/// How long work on one run may take, and where large imports are done.
#[derive(Debug, Clone)]
pub struct Work {
    /// How long this process may work on one run.
    pub timeout: Duration,
    /// Whether this process is the job that does one import.
    pub is_job: bool,
    /// What large imports are handed to.
    pub job: Option<ImportJob>,
}

/// A Cloud Run job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportJob {
    /// `projects/{project}/locations/{region}/jobs/{job}`
    pub name: String,
    /// From which size an import goes to it.
    pub min_bytes: u64,
    /// How long it may take for one.
    pub timeout: Duration,
    /// The `host:port` of a fake of the API that starts it.
    pub emulator: Option<String>,
}

/// How long Pub/Sub waits for the answer to a push.
const PUSH: u32 = 600;

impl Work {
    pub(super) fn read(source: &mut Source<'_>, environment: &Environment) -> Self {
        let delivery = source.count("DELIVERY_TIMEOUT_SECONDS", PUSH);
        if delivery > PUSH {
            source.problem("DELIVERY_TIMEOUT_SECONDS", "Pub/Sub waits 600 seconds at most");
        }
        let import = source.count("IMPORT_JOB_TIMEOUT_SECONDS", 14400);
        let min_bytes = source.value("IMPORT_JOB_MIN_BYTES", 256 * 1024 * 1024);
        let seconds = |count: u32| Duration::from_secs(count.into());
        let is_job = environment.cloud_run.job.is_some();
        let named = name(source).map(|name| ImportJob {
            name,
            min_bytes,
            timeout: seconds(import),
            emulator: source.text("CLOUD_RUN_EMULATOR_HOST").map(ToOwned::to_owned),
        });
        Self {
            timeout: seconds(if is_job { import } else { delivery }),
            is_job,
            // The job itself hands nothing on.
            job: named.filter(|_| !is_job),
        }
    }
}

fn name(source: &mut Source<'_>) -> Option<String> {
    let name = source.text("IMPORT_JOB")?;
    let parts: Vec<_> = name.split('/').collect();
    let good = matches!(parts[..], ["projects", _, "locations", _, "jobs", _])
        && parts.iter().all(|part| !part.is_empty());
    if !good {
        source.problem("IMPORT_JOB", "it is like `projects/p/locations/r/jobs/j`");
    }
    good.then(|| name.to_owned())
}
