//! Ledger rows read back as what they tell of. They know nothing of files, findings and windows.

use anyhow::Context as _;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::{CheckResult, Failure, Run, StepState, run::Draft};
use crate::{
    costs::read::Row, org::OrgSlug, pipeline::plan::PipelineName, queue::Window,
    warehouse::SourceId,
};

/// A row of `org_meta_pipeline_runs`.
pub(super) fn run(row: Row<'_>, org: &OrgSlug) -> anyhow::Result<Run> {
    let created_at = needed(row.moment("start_time")?, "start_time")?;
    let mut run = Run::new(Draft {
        run_id: text(row, "run_id")?.parse()?,
        org_slug: org.clone(),
        pipeline: PipelineName::new(text(row, "pipeline_id")?),
        source: source(&text(row, "source_id")?)?,
        trigger: word(row, "trigger")?,
        requested_by: row.text("recorded_by")?.unwrap_or_default(),
        counted_on: created_at.to_zoned_datetime(TimeZone::UTC).date(),
        now: created_at,
    });
    run.status = word(row, "status")?;
    run.started_at = row.moment("taken_time")?;
    run.ended_at = row.moment("end_time")?;
    let window = row.day("window_start")?.zip(row.day("window_end")?);
    run.window = window.map(|(start, end)| Window { start, end });
    run.parent = id(row, "parent_run_id")?;
    run.retry_of = id(row, "retry_of")?;
    run.attempts = small(row, "attempts")?;
    run.error = failure(row)?;
    run.version = i64::try_from(row.count("version")?)?;
    Ok(run)
}

/// A row of `org_meta_step_logs`.
pub(super) fn step(row: Row<'_>) -> anyhow::Result<StepState> {
    let mut step = StepState::new(&text(row, "step_id")?, &text(row, "processor")?);
    step.status = word(row, "status")?;
    step.attempts = small(row, "attempt")?;
    step.rows = row.count("rows")?;
    step.bytes = row.count("bytes")?;
    step.rejected_rows = row.count("rejected_rows")?;
    step.started_at = row.moment("start_time")?;
    step.ended_at = row.moment("end_time")?;
    step.error = failure(row)?;
    Ok(step)
}

/// A row of `org_meta_dq_results`.
pub(super) fn check(row: Row<'_>) -> anyhow::Result<CheckResult> {
    Ok(CheckResult {
        rule: text(row, "rule")?,
        about: row.text("about")?.unwrap_or_default(),
        passed: needed(row.flag("passed")?, "passed")?,
        failed_rows: row.count("failed_rows")?,
        message: row.text("sample")?.unwrap_or_default(),
        step_id: text(row, "step_id")?,
    })
}

fn needed<T>(value: Option<T>, name: &str) -> anyhow::Result<T> {
    value.with_context(|| format!("a ledger row has no `{name}`"))
}

fn text(row: Row<'_>, name: &str) -> anyhow::Result<String> {
    needed(row.text(name)?, name)
}

/// A name of a state, as documents have it too.
fn word<T: DeserializeOwned>(row: Row<'_>, name: &str) -> anyhow::Result<T> {
    let word = text(row, name)?;
    serde_json::from_value(Value::String(word.clone()))
        .with_context(|| format!("`{word}` is no `{name}`"))
}

fn id(row: Row<'_>, name: &str) -> anyhow::Result<Option<Uuid>> {
    Ok(row.text(name)?.map(|text| text.parse()).transpose()?)
}

fn small(row: Row<'_>, name: &str) -> anyhow::Result<u32> {
    Ok(u32::try_from(row.count(name)?).unwrap_or(u32::MAX))
}

fn failure(row: Row<'_>) -> anyhow::Result<Option<Failure>> {
    let (code, message) = (row.text("error_code")?, row.text("error_message")?);
    Ok(code.map(|code| Failure { code, message: message.unwrap_or_default() }))
}

fn source(text: &str) -> anyhow::Result<SourceId> {
    let (provider, name) =
        text.split_once('/').with_context(|| format!("`{text}` is no source"))?;
    Ok(SourceId::new(provider, name))
}
