//! A pipeline that was checked and can run.

mod check;
mod compile;
mod graph;
mod plans;
mod tables;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::{
    check::Check,
    compile::compile,
    plans::Plans,
    tables::{Tables, is_focus},
};
use super::{
    config::{ParameterType, Retry, Schedule, WindowLimit},
    processors::Processor,
};

/// The path of a pipeline: `{provider}/{domain}/{pipeline}`, or `{provider}/{pipeline}` where the
/// domain is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PipelineName(String);

impl PipelineName {
    /// From the path of its file below `configs/`; `None` where that is no pipeline's.
    #[must_use]
    pub fn of_file(path: &str) -> Option<Self> {
        const OTHERS: [&str; 3] = ["setup", "system", "prices"];
        let name = path.strip_suffix(".yml")?;
        let parts: Vec<_> = name.split('/').collect();
        let pipeline = (2..=3).contains(&parts.len()) && !OTHERS.contains(&parts[0]);
        pipeline.then(|| Self(name.to_owned()))
    }

    /// From what a request or a document says.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PipelineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A pipeline that was checked and can run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name in the URL.
    pub name: PipelineName,
    /// What it does, for people.
    pub description: String,
    /// Whose costs it brings.
    pub provider: String,
    /// What a request may hand in.
    pub parameters: Vec<(String, ParameterType)>,
    /// When it runs by itself.
    pub schedule: Option<Schedule>,
    /// The most that one run covers.
    pub window: Option<WindowLimit>,
    /// What it does, in an order in which every step comes after what it needs.
    pub steps: Vec<Step>,
}

/// A step of a plan.
#[derive(Debug, Clone)]
pub struct Step {
    /// Unique within the plan.
    pub id: String,
    /// Positions in the plan of the steps that must be done before.
    pub needs: Vec<usize>,
    /// What it does.
    pub processor: Processor,
    /// The text of its query, if it has one.
    pub prql: Option<String>,
    /// How long it may take.
    pub timeout: std::time::Duration,
    /// How often it is tried.
    pub retry: Retry,
}

impl Plan {
    /// Whether a run takes a file; one that takes days too needs one of both.
    #[must_use]
    pub fn takes_input(&self) -> bool {
        self.parameters.iter().any(|(_, kind)| *kind == ParameterType::File)
    }

    /// Whether a run takes days.
    #[must_use]
    pub fn takes_dates(&self) -> bool {
        self.parameters.iter().any(|(_, kind)| *kind == ParameterType::Date)
    }
}
