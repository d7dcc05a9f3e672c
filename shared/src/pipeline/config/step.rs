//! A step: which processor, after which others, with how much time and how many tries.

use std::time::Duration;

use super::{At, Fields, Problems};
use crate::pipeline::processors::Processor;

/// How often a step is tried where the error may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Tries in all, at least one.
    pub attempts: u32,
    /// What the first wait is about; each further one is twice as long.
    pub wait: Duration,
}

/// A step as written.
#[derive(Debug)]
pub struct StepConfig {
    /// Where it begins.
    pub line: u64,
    /// Unique within the pipeline.
    pub id: Option<At<String>>,
    /// The steps that must be done before.
    pub needs: Vec<At<String>>,
    /// What it does; absent where that cannot be read.
    pub processor: Option<Processor>,
    /// How long it may take.
    pub timeout: Duration,
    /// How often it is tried.
    pub retry: Retry,
}

pub(super) fn read_all(pipeline: &mut Fields, problems: &mut Problems) -> Vec<StepConfig> {
    let steps = pipeline.mappings("steps", "step", problems);
    if steps.is_empty() {
        problems.add(pipeline.line, "a pipeline has at least one step");
    }
    steps.into_iter().map(|fields| read(fields, problems)).collect()
}

fn read(mut fields: Fields, problems: &mut Problems) -> StepConfig {
    let line = fields.line;
    let id = fields.text("id", problems);
    let needs = fields.texts("needs", problems);
    let timeout = seconds(fields.number("timeout_seconds", 1..=3600, 300, problems));
    let retry = read_retry(&mut fields, problems);
    let name = fields.text("processor", problems);
    let Some(name) = name else {
        return StepConfig { line, id, needs, processor: None, timeout, retry };
    };
    let processor = Processor::read(&name, fields, problems);
    StepConfig { line, id, needs, processor, timeout, retry }
}

fn read_retry(fields: &mut Fields, problems: &mut Problems) -> Retry {
    let (mut attempts, mut wait) = (3, 2);
    if let Some(mut fields) = fields.mapping("retry", "retry", problems) {
        attempts = fields.number("attempts", 1..=10, attempts, problems);
        wait = fields.number("wait_seconds", 0..=60, wait, problems);
        fields.finish(problems);
    }
    Retry { attempts: u32::try_from(attempts).unwrap_or(1), wait: seconds(wait) }
}

fn seconds(number: i64) -> Duration {
    Duration::from_secs(u64::try_from(number).unwrap_or_default())
}
