//! Starting a run, following it to its end, and showing how it ended.

use std::{
    io::{IsTerminal as _, stdin},
    time::Duration,
};

use serde_json::{Map, Value};

use crate::{
    client::Client,
    context::{Context, Organization},
    failure::{Failure, Result},
    input,
    view::{self, Column, Screen, grouped},
};

/// How many of the rows are shown that could not be used.
const SHOWN: usize = 5;
/// How often a run is looked at.
const GLANCE: Duration = Duration::from_millis(150);

/// Starts a run and, where `wait`, shows how it ended.
pub(crate) async fn start(
    context: &Context,
    pipeline: &str,
    body: Map<String, Value>,
    wait: bool,
) -> Result {
    let organization = context.organization()?;
    let client = context.client().await?;
    let request = Request { client: &client, organization: &organization, pipeline };
    let ended = if wait {
        request.with_rejected(context.screen, body).await
    } else {
        request.submit(&body).await
    };
    client.close().await;
    let run = ended?;
    context.screen.result(&run, |run| if wait { text(run) } else { submitted(run) })?;
    match run["status"].as_str().unwrap_or_default() {
        status if wait && status != "COMPLETED" => Err(Failure::Run(status.to_owned())),
        _ => Ok(()),
    }
}

/// A run that is asked for.
pub(crate) struct Request<'a> {
    pub(crate) client: &'a Client,
    pub(crate) organization: &'a Organization,
    pub(crate) pipeline: &'a str,
}

impl Request<'_> {
    /// Starts the run and waits. Where it would replace another file's rows, asks and tries again.
    pub(crate) async fn to_its_end(
        &self,
        screen: Screen,
        mut body: Map<String, Value>,
    ) -> Result<Value> {
        let run = self.once(screen, &body).await?;
        if run["error"]["code"] != "scope_conflict" || !agrees(screen, &run) {
            return Ok(run);
        }
        body.insert("force".to_owned(), true.into());
        self.once(screen, &body).await
    }

    /// As [`Request::to_its_end`], with the first rows that could not be used.
    async fn with_rejected(&self, screen: Screen, body: Map<String, Value>) -> Result<Value> {
        let mut run = self.to_its_end(screen, body).await?;
        if run["rejected_rows"].as_u64() > Some(0) {
            let (slug, id) = (&self.organization.slug, run["run_id"].as_str().unwrap_or_default());
            let path = format!("/api/v1/pipelines/{slug}/runs/{id}/rejected-rows?limit={SHOWN}");
            let mut page = self.client.get(&self.organization.caller, &path).await?;
            run["first_rejected_rows"] = page["items"].take();
        }
        Ok(run)
    }

    async fn submit(&self, body: &Map<String, Value>) -> Result<Value> {
        let Organization { slug, caller } = self.organization;
        let path = format!("/api/v1/pipelines/run/{slug}/{}", self.pipeline);
        self.client.post(caller, &path, &Value::Object(body.clone())).await
    }

    async fn once(&self, screen: Screen, body: &Map<String, Value>) -> Result<Value> {
        let progress = screen.progress(self.pipeline);
        if let Some(bytes) = body.get("input").and_then(Value::as_str).and_then(input::bytes) {
            progress.expect(bytes);
        }
        let submitted = self.submit(body).await?;
        let Organization { slug, caller } = self.organization;
        let id = submitted["run_id"].as_str().unwrap_or_default();
        let path = format!("/api/v1/pipelines/{slug}/runs/{id}");
        loop {
            let run = self.client.get(caller, &path).await?;
            if has_ended(&run) {
                let summary = summary(&run);
                if run["status"] == "COMPLETED" {
                    progress.done(&summary);
                }
                return Ok(run);
            }
            progress.reached(input::read_so_far(&run));
            progress.say(at_work(&run));
            tokio::time::sleep(GLANCE).await;
        }
    }
}

/// Whether the person wants to replace what the run says it would replace.
fn agrees(screen: Screen, run: &Value) -> bool {
    if screen.is_json() || !stdin().is_terminal() {
        return false;
    }
    screen.note(run["error"]["message"].as_str().unwrap_or_default());
    view::ask("Replace them?")
}

fn has_ended(run: &Value) -> bool {
    !matches!(run["status"].as_str(), Some("PENDING" | "RUNNING" | "PAUSED") | None)
}

/// What is going on, in a few words.
fn at_work(run: &Value) -> String {
    let steps = run["steps"].as_array().into_iter().flatten();
    let running = steps.filter(|step| step["status"] == "RUNNING").map(|step| {
        let name = step["step_id"].as_str().unwrap_or_default();
        match step["rows"].as_u64() {
            Some(rows) if rows > 0 => format!("{name}: {} rows", grouped(&rows.to_string())),
            _ => name.to_owned(),
        }
    });
    let running: Vec<_> = running.collect();
    if running.is_empty() { "waiting".to_owned() } else { running.join(" · ") }
}

/// One line about a run that has ended: what its first step that reads rows read, and how long.
pub(crate) fn summary(run: &Value) -> String {
    let steps = || run["steps"].as_array().into_iter().flatten();
    let most = steps().filter_map(|step| step["rows"].as_u64()).max().unwrap_or_default();
    let rejected: u64 = steps().filter_map(|step| step["rejected_rows"].as_u64()).sum();
    let findings = run["findings"].as_array().map_or(0, Vec::len) as u64;
    let count = |number: u64| grouped(&number.to_string());
    let noun = |number: u64, noun: &str| match number {
        1 => format!("1 {noun}"),
        number => format!("{} {noun}s", count(number)),
    };
    format!(
        "{} · {} rejected · {} · {}",
        noun(most, "row"),
        count(rejected),
        noun(findings, "finding"),
        took(run)
    )
}

fn submitted(run: &Value) -> String {
    let id = run["run_id"].as_str().unwrap_or_default();
    format!("  run {id} is {}", run["status"].as_str().unwrap_or_default())
}

/// A run for people: its steps, what was found, why it failed.
fn text(run: &Value) -> String {
    let columns = [
        Column::Text("step"),
        Column::Text("status"),
        Column::Count("rows"),
        Column::Count("rejected"),
        Column::Count("took"),
    ];
    let steps = run["steps"].as_array().into_iter().flatten().map(|step| {
        let text = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
        let count = |name: &str| grouped(&step[name].as_u64().unwrap_or_default().to_string());
        vec![text("step_id"), text("status"), count("rows"), count("rejected_rows"), took(step)]
    });
    let mut lines = vec![format!("\n{}", view::table(&columns, steps.collect()))];
    let findings = run["findings"].as_array().into_iter().flatten();
    lines.extend(findings.map(finding_line));
    lines.extend(rejected(run));
    if let Some(message) = run["error"]["message"].as_str() {
        let code = run["error"]["code"].as_str().unwrap_or_default();
        lines.push(format!("\n  {code}: {message}\n"));
        if code == "scope_conflict" {
            lines.push(
                "  try: the same with --force, or with --months 2026-01,2026-02\n".to_owned(),
            );
        }
    }
    lines.concat()
}

/// The first rows that could not be used, and where the others are.
fn rejected(run: &Value) -> Vec<String> {
    let rows = run["first_rejected_rows"].as_array().map_or(&[][..], Vec::as_slice);
    if rows.is_empty() {
        return Vec::new();
    }
    let columns =
        [Column::Count("row"), Column::Text("field"), Column::Text("value"), Column::Text("why")];
    let cells = rows.iter().map(|row| {
        let text = |name: &str| row[name].as_str().unwrap_or("—").to_owned();
        vec![row["row_number"].to_string(), text("field"), text("value"), text("reason")]
    });
    let mut lines = vec![format!("\n{}", view::table(&columns, cells.collect()))];
    let all = run["rejected_rows"].as_u64().unwrap_or_default();
    if let Some(more) = all.checked_sub(rows.len() as u64).filter(|more| *more > 0) {
        let id = run["run_id"].as_str().unwrap_or_default();
        let more = grouped(&more.to_string());
        lines.push(format!("  … {more} more: GET /api/v1/pipelines/ORG/runs/{id}/rejected-rows\n"));
    }
    lines
}

fn finding_line(finding: &Value) -> String {
    let mark = if finding["severity"] == "warning" { "!" } else { "·" };
    let message = finding["message"].as_str().unwrap_or_default();
    let count = grouped(&finding["count"].as_u64().unwrap_or_default().to_string());
    format!("  {mark} {count:>7}  {message}\n")
}

/// From begin to end, in seconds.
fn took(of: &Value) -> String {
    let time = |name: &str| of[name].as_str()?.parse::<jiff::Timestamp>().ok();
    match (time("started_at"), time("ended_at")) {
        (Some(start), Some(end)) => format!("{:.1} s", end.duration_since(start).as_secs_f64()),
        _ => String::new(),
    }
}
