//! `convergence run PIPELINE`

use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::{
    args::Days,
    context::Context,
    failure::{Failure, Result},
    runs,
};

/// What `run` takes.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Its path below configs/, as in gcp/cost/billing
    pipeline: String,
    /// One day; or give --from and --to
    #[arg(long, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    date: Option<Date>,
    #[command(flatten)]
    days: Days,
    #[command(flatten)]
    input: Input,
    /// Do not wait for the end
    #[arg(long)]
    no_wait: bool,
}

/// What runs that read a file take.
#[derive(Debug, Default, Args)]
pub(crate) struct Input {
    /// A file on this machine, or `upload://ID`
    #[arg(long = "input", value_name = "FILE")]
    pub(crate) file: Option<String>,
    /// Which of the organization's sources the rows belong to
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Replace months that hold rows of another file
    #[arg(long)]
    pub(crate) force: bool,
    /// The months to replace, where the file has others too (2026-01, comma between)
    #[arg(long, value_name = "MONTHS", value_delimiter = ',')]
    pub(crate) months: Vec<String>,
    /// The FOCUS version of the file, where its columns do not show it (1.2)
    #[arg(long, value_name = "VERSION")]
    pub(crate) focus_version: Option<String>,
}

impl Run {
    /// Starts a run, follows it and shows how it ended.
    pub(crate) async fn run(self, context: &Context) -> Result {
        let mut body = self.input.body()?;
        let days =
            [("date", self.date), ("start_date", self.days.from), ("end_date", self.days.to)];
        for (name, day) in days {
            if let Some(day) = day {
                body.insert(name.to_owned(), day.to_string().into());
            }
        }
        runs::start(context, &self.pipeline, body, !self.no_wait).await
    }
}

impl Input {
    /// The members of the request.
    pub(crate) fn body(&self) -> Result<Map<String, Value>> {
        let mut body = Map::new();
        if let Some(file) = &self.file {
            body.insert("input".to_owned(), as_input(file)?.into());
        }
        if let Some(source) = &self.source {
            body.insert("source".to_owned(), source.as_str().into());
        }
        if let Some(version) = &self.focus_version {
            body.insert("focus_version".to_owned(), version.as_str().into());
        }
        if self.force {
            body.insert("force".to_owned(), true.into());
        }
        if !self.months.is_empty() {
            body.insert("months".to_owned(), self.months.clone().into());
        }
        Ok(body)
    }
}

/// A name of a file becomes its absolute `file://`; what has a scheme stays as it is.
fn as_input(text: &str) -> Result<String> {
    if text.contains("://") {
        return Ok(text.to_owned());
    }
    let path = Path::new(text);
    if !path.is_file() {
        return Err(Failure::advice(format!("there is no file {text}"), "check the name"));
    }
    let path = path.canonicalize().with_context(|| format!("cannot open {text}"))?;
    Ok(format!("file://{}", path.display()))
}
