//! A pipeline as it is written in YAML: typed, with lines, not yet checked.

mod fields;
mod schedule;
mod step;
mod yaml;

use std::collections::BTreeMap;

pub use self::{
    fields::{Fields, Problem, Problems},
    schedule::{Schedule, Unit, WindowLimit},
    step::{Retry, StepConfig},
    yaml::At,
};

/// A pipeline file.
#[derive(Debug)]
pub struct PipelineConfig {
    /// What it does, for people.
    pub description: String,
    /// Whose costs it brings.
    pub provider: Option<At<String>>,
    /// What a request may hand in, by name.
    pub parameters: BTreeMap<String, At<ParameterType>>,
    /// When it runs by itself, once somebody subscribes to its schedule.
    pub schedule: Option<Schedule>,
    /// The most days one run covers; longer ranges are split.
    pub window: Option<WindowLimit>,
    /// What it does.
    pub steps: Vec<StepConfig>,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterType {
    /// A day.
    Date,
    /// A file: an upload, or a path on the same machine.
    File,
}

impl ParameterType {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::File => "file",
        }
    }
}

impl PipelineConfig {
    /// Reads a file. What can be read is returned even where there are mistakes, so that the
    /// checks that follow find theirs too.
    pub fn read(text: &str, problems: &mut Problems) -> Option<Self> {
        let root = match yaml::parse(text) {
            Ok(root) => root,
            Err(error) => {
                problems.add(error.line, format!("this is not YAML: {}", error.value));
                return None;
            }
        };
        let mut fields = Fields::of(root, "pipeline", problems);
        let config = Self {
            description: fields.text("description", problems).map_or_else(String::new, |t| t.value),
            provider: fields.text("provider", problems),
            parameters: read_parameters(&mut fields, problems),
            schedule: schedule::read(&mut fields, problems),
            window: schedule::read_window(&mut fields, problems),
            steps: step::read_all(&mut fields, problems),
        };
        fields.finish(problems);
        Some(config)
    }
}

fn read_parameters(
    fields: &mut Fields,
    problems: &mut Problems,
) -> BTreeMap<String, At<ParameterType>> {
    let Some(mut parameters) = fields.mapping("parameters", "list of parameters", problems) else {
        return BTreeMap::new();
    };
    let mut types = BTreeMap::new();
    for (name, node) in parameters.take_all() {
        let mut fields = Fields::of(node, "parameter", problems);
        let kind = fields.text("type", problems);
        fields.finish(problems);
        let expected = match name.value.as_str() {
            "start_date" | "end_date" => ParameterType::Date,
            "input" => ParameterType::File,
            other => {
                let message = format!(
                    "there is no parameter `{other}`; there are `start_date`, `end_date` and `input`"
                );
                problems.add(name.line, message);
                continue;
            }
        };
        if let Some(kind) = kind.filter(|kind| kind.value != expected.as_str()) {
            let message = format!("`{}` is of type `{}`", name.value, expected.as_str());
            problems.add(kind.line, message);
        }
        types.insert(name.value, At { line: name.line, value: expected });
    }
    types
}
