//! From a file to a plan, or to all of its mistakes.

use std::collections::BTreeMap;

use super::{Check, PipelineName, Plan, Step, Tables, graph};
use crate::{
    configs::Configs,
    pipeline::{
        config::{PipelineConfig, Problem, Problems, StepConfig},
        processors::{Processor, Transform},
    },
};

/// Checks a pipeline without any I/O.
///
/// # Errors
///
/// Every mistake, in the order of their lines.
pub fn compile(
    path: &str,
    configs: &Configs,
    tables: &Tables,
    queries: bool,
) -> Result<Plan, Vec<Problem>> {
    let mut problems = Problems::of(format!("configs/{path}"));
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    let mut check = Check { configs, tables, folder, queries, problems: &mut problems };
    let plan = try_compile(path, &mut check);
    let problems = problems.into_sorted();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(problems),
    }
}

fn try_compile(path: &str, check: &mut Check<'_>) -> Option<Plan> {
    let Some(name) = PipelineName::of_file(path) else {
        check.problem(1, "a pipeline is configs/{provider}/{domain}/{pipeline}.yml");
        return None;
    };
    let text = check.configs.get(path).unwrap_or_default();
    let config = PipelineConfig::read(text, check.problems)?;
    check_provider(&config, &name, check);
    check_parameters(&config, check);
    let steps = compile_steps(&config.steps, check)?;
    Some(Plan {
        name,
        description: config.description,
        provider: config.provider?.value,
        parameters: config.parameters.into_iter().map(|(name, at)| (name, at.value)).collect(),
        schedule: config.schedule,
        window: config.window,
        steps,
    })
}

/// A pipeline stands in its provider's folder.
fn check_provider(config: &PipelineConfig, name: &PipelineName, check: &mut Check<'_>) {
    let folder = name.as_str().split('/').next().unwrap_or_default();
    if let Some(provider) = &config.provider
        && provider.value != folder
    {
        let message =
            format!("the provider is `{folder}`, as the folder says, not `{}`", provider.value);
        check.problem(provider.line, message);
    }
}

fn check_parameters(config: &PipelineConfig, check: &mut Check<'_>) {
    let given = |name: &str| config.parameters.get(name);
    match (given("start_date"), given("end_date")) {
        (Some(date), None) | (None, Some(date)) => {
            check.problem(date.line, "`start_date` and `end_date` come together");
        }
        _ => {}
    }
    let reads = config
        .steps
        .iter()
        .find(|step| step.processor.as_ref().is_some_and(Processor::reads_input));
    match (given("input"), reads) {
        (None, Some(step)) => {
            check.problem(
                step.line,
                "this step reads a file, but the pipeline has no parameter `input`",
            );
        }
        (Some(input), None) => check.problem(input.line, "no step reads the `input`"),
        _ => {}
    }
    if let (Some(input), None, Some(_)) = (given("input"), given("end_date"), &config.window) {
        check.problem(input.line, "a file has no windows: leave out `window` or `input`");
    }
}

fn compile_steps(steps: &[StepConfig], check: &mut Check<'_>) -> Option<Vec<Step>> {
    let ids = ids(steps, check);
    let needs: Vec<Vec<usize>> = steps.iter().map(|step| resolve(step, &ids, check)).collect();
    for step in steps {
        if let Some(processor) = &step.processor {
            processor.check(check);
        }
    }
    let order = match graph::order(&needs) {
        Ok(order) => order,
        Err(circles) => {
            for circle in circles {
                report_circle(steps, &circle, check);
            }
            return None;
        }
    };
    let place = |old: &usize| order.iter().position(|at| at == old).unwrap_or_default();
    let compiled: Vec<Step> = order
        .iter()
        .filter_map(|at| compile_step(&steps[*at], needs[*at].iter().map(place).collect(), check))
        .collect();
    (compiled.len() == steps.len()).then_some(compiled)
}

fn compile_step(step: &StepConfig, needs: Vec<usize>, check: &Check<'_>) -> Option<Step> {
    let processor = step.processor.clone()?;
    let prql = match &processor {
        Processor::Transform(Transform { prql, .. }) => {
            Some(check.configs.get(&check.path(&prql.value))?.to_owned())
        }
        _ => None,
    };
    let id = step.id.as_ref()?.value.clone();
    Some(Step { id, needs, processor, prql, timeout: step.timeout, retry: step.retry })
}

/// Positions by id; the second of the same name is a mistake.
fn ids(steps: &[StepConfig], check: &mut Check<'_>) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        let Some(id) = &step.id else { continue };
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !id.value.chars().all(allowed) || id.value.len() > 64 {
            check.problem(id.line, "an `id` is up to 64 of a-z, 0-9 and `_`");
        }
        if ids.contains_key(&id.value) {
            check.problem(id.line, format!("the id `{}` is taken by an earlier step", id.value));
        } else {
            ids.insert(id.value.clone(), at);
        }
    }
    ids
}

fn resolve(step: &StepConfig, ids: &BTreeMap<String, usize>, check: &mut Check<'_>) -> Vec<usize> {
    let mut needs = Vec::new();
    for need in &step.needs {
        if let Some(at) = ids.get(&need.value) {
            needs.push(*at);
            continue;
        }
        let known: Vec<_> = ids.keys().map(|id| format!("`{id}`")).collect();
        let known = known.join(", ");
        let message = format!("it needs `{}`, which is no step; there are {known}", need.value);
        check.problem(need.line, message);
    }
    needs
}

fn report_circle(steps: &[StepConfig], circle: &[usize], check: &mut Check<'_>) {
    let name = |at: &usize| steps[*at].id.as_ref().map_or("?", |id| id.value.as_str());
    let mut names: Vec<_> = circle.iter().map(name).collect();
    names.extend(circle.first().map(name));
    let line = circle.first().map_or(1, |at| steps[*at].line);
    check.problem(line, format!("these steps wait for each other: {}", names.join(" needs ")));
}
