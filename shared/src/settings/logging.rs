//! How a process logs.

use std::str::FromStr;

use super::{environment::Environment, source::Source, table::Setting};

pub(super) const TABLE: &[Setting] = &[
    Setting::new("LOG_FORMAT", "pretty; json where hardened", "`json` (Cloud Logging) or `pretty`"),
    Setting::new("LOG_LEVEL", "info", "A level, or directives as in `info,convergence=debug`"),
];

/// How lines of the log look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For Cloud Logging.
    Json,
    /// For people.
    Pretty,
}

/// How a process logs.
#[derive(Debug, Clone)]
pub struct Logging {
    /// How lines look.
    pub format: LogFormat,
    /// What is logged.
    pub level: String,
}

impl Logging {
    pub(super) fn read(source: &mut Source<'_>, environment: &Environment) -> Self {
        let default = if environment.hardened { LogFormat::Json } else { LogFormat::Pretty };
        let level = source.text("LOG_LEVEL").unwrap_or("info").to_owned();
        let checked = tracing_subscriber::EnvFilter::try_new(&level);
        source.take("LOG_LEVEL", checked);
        Self { format: source.value("LOG_FORMAT", default), level }
    }
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "json" => Ok(Self::Json),
            "pretty" => Ok(Self::Pretty),
            _ => Err("it is `json` or `pretty`"),
        }
    }
}
