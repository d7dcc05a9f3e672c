//! What Cloud Run says of a process that it runs.
//!
//! <https://cloud.google.com/run/docs/container-contract#env-vars>

use super::{source::Source, table::Setting};

pub(super) const TABLE: &[Setting] = &[
    Setting::new("K_SERVICE", "", "Set by Cloud Run for a service: the process is hardened"),
    Setting::new("K_REVISION", "", "Set by Cloud Run: the version that the log names"),
    Setting::new("K_CONFIGURATION", "", "Set by Cloud Run: a label of the log"),
    Setting::new("CLOUD_RUN_JOB", "", "Set by Cloud Run for a job: the process is hardened"),
    Setting::new("CLOUD_RUN_EXECUTION", "", "Set by Cloud Run for a job: a label of the log"),
];

/// What Cloud Run says of a process; nothing elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CloudRun {
    /// The service.
    pub service: Option<String>,
    /// The version of the service.
    pub revision: Option<String>,
    /// What the version was made from.
    pub configuration: Option<String>,
    /// The job.
    pub job: Option<String>,
    /// The execution of the job.
    pub execution: Option<String>,
}

impl CloudRun {
    pub(super) fn read(source: &Source<'_>) -> Self {
        let text = |name: &str| source.text(name).map(ToOwned::to_owned);
        Self {
            service: text("K_SERVICE"),
            revision: text("K_REVISION"),
            configuration: text("K_CONFIGURATION"),
            job: text("CLOUD_RUN_JOB"),
            execution: text("CLOUD_RUN_EXECUTION"),
        }
    }

    /// Whether Cloud Run runs the process.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.service.is_some() || self.job.is_some()
    }

    /// What the log says of it, by label.
    pub fn labels(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("service", &self.service),
            ("revision", &self.revision),
            ("configuration", &self.configuration),
            ("job", &self.job),
            ("execution", &self.execution),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}
