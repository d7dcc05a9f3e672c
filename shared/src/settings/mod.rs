//! The only reader of the environment.
//!
//! One section per file. Values are typed, sections are checked against each other, and all
//! problems are reported at once. Every setting stands in [`table`].

mod auth;
mod backends;
mod cloud_run;
mod configs;
mod environment;
mod hardening;
pub mod keyfile;
mod limits;
mod logging;
mod providers;
mod server;
mod source;
pub mod table;
mod work;

use std::{collections::BTreeMap, fmt};

use self::source::Source;
pub use self::{
    auth::{Auth, Oidc, Signature},
    backends::{BackendUrl, Backends, BigQuery, DuckDb},
    cloud_run::CloudRun,
    configs::ConfigFiles,
    environment::Environment,
    limits::{Limits, RateLimit},
    logging::{LogFormat, Logging},
    providers::Sandbox,
    server::Server,
    work::{ImportJob, Work},
};

/// The functions that serve routes of the root key; the others never get it.
const ROOT_FUNCTIONS: [&str; 4] = ["bootstrap", "convergence", "onboard", "scheduler"];

/// The functions that keep or read files; the others may not even ask for them.
const FILE_FUNCTIONS: [&str; 3] = ["convergence", "run-pipeline", "scheduler"];

/// Everything that can be set from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which function this is.
    pub function: &'static str,
    /// Where it runs.
    pub environment: Environment,
    /// How it listens and answers.
    pub server: Server,
    /// What credentials are checked against.
    pub auth: Auth,
    /// Where everything is kept.
    pub backends: Backends,
    /// How long work on one run may take.
    pub work: Work,
    /// How much callers may ask for.
    pub limits: Limits,
    /// Where providers answer, unless as themselves.
    pub sandbox: Sandbox,
    /// How it logs.
    pub logging: Logging,
    /// Where pipelines and schemas come from.
    pub configs: ConfigFiles,
}

impl Settings {
    /// Reads the settings of a function from `variables`.
    ///
    /// # Errors
    ///
    /// All that is wrong, and every reason why a hardened process may not start.
    pub fn read(
        function: &'static str,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, Problems> {
        let mut source = Source::new(variables);
        let backends = Backends::read(&mut source);
        let environment = Environment::read(&mut source, &backends);
        let settings = Self {
            function,
            server: Server::read(&mut source, &environment),
            auth: Auth::read(&mut source, &environment, serves_root(function)),
            work: Work::read(&mut source, &environment),
            limits: Limits::read(&mut source),
            sandbox: Sandbox::read(&mut source),
            logging: Logging::read(&mut source, &environment),
            configs: ConfigFiles::read(&mut source),
            environment,
            backends,
        };
        hardening::check(&settings, &mut source);
        let problems = source.into_problems();
        if problems.is_empty() { Ok(settings) } else { Err(Problems(problems)) }
    }

    /// Reads the settings of a function from the environment of the process.
    ///
    /// # Errors
    ///
    /// As [`Settings::read`].
    pub fn from_environment(function: &'static str) -> Result<Self, Problems> {
        Self::read(function, &environment())
    }
}

/// Whether a function serves routes of the root key.
#[must_use]
pub fn serves_root(function: &str) -> bool {
    ROOT_FUNCTIONS.contains(&function)
}

/// Whether a function keeps or reads files.
#[must_use]
pub fn uses_files(function: &str) -> bool {
    FILE_FUNCTIONS.contains(&function)
}

/// The variables of the process. What is not UTF-8 is no setting of ours.
#[must_use]
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not good:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
    }
}

impl std::error::Error for Problems {}
