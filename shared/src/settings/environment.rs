//! Where the process runs.

use std::path::PathBuf;

use super::{backends::Backends, cloud_run::CloudRun, source::Source, table::Setting};
use crate::org::Env;

pub(super) const TABLE: &[Setting] = &[
    Setting::new("ENVIRONMENT", "development", "`production`, `staging` or `development`"),
    Setting::new("DATA_DIR", "./data", "Where the embedded backends keep their files"),
    Setting::new("GOOGLE_CLOUD_PROJECT", "", "Names the project in trace links of the log"),
    Setting::new("DISABLE_AUTH", "", "`true` is refused everywhere: no route is ever open"),
];

/// Where the process runs.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Which deployment this is.
    pub env: Env,
    /// Whether nothing may be made up or left open; see the hardened gate.
    pub hardened: bool,
    /// What Cloud Run says of it.
    pub cloud_run: CloudRun,
    /// Where the embedded backends keep their files.
    pub data_dir: PathBuf,
    /// The project that trace links name.
    pub project: Option<String>,
}

impl Environment {
    pub(super) fn read(source: &mut Source<'_>, backends: &Backends) -> Self {
        let env = source.value("ENVIRONMENT", Env::Local);
        let cloud_run = CloudRun::read(source);
        Self {
            env,
            hardened: env != Env::Local || cloud_run.is_there() || backends.any_cloud(),
            cloud_run,
            data_dir: data_dir(source),
            project: source.text("GOOGLE_CLOUD_PROJECT").map(ToOwned::to_owned),
        }
    }
}

pub(super) fn data_dir(source: &Source<'_>) -> PathBuf {
    source.text("DATA_DIR").unwrap_or("./data").into()
}
