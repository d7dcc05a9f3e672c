//! `convergence ingest FILE`

use clap::Args;

use super::run::Input;
use crate::{context::Context, failure::Result, runs};

/// The pipeline that imports FOCUS files.
pub(crate) const FOCUS_IMPORT: &str = "focus/cost/import";

/// What `ingest` takes.
#[derive(Debug, Args)]
pub(crate) struct Ingest {
    /// A cost file in the FOCUS format: CSV, CSV.gz, JSONL or Parquet
    file: String,
    /// Which of the organization's sources the rows belong to
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Replace months that hold rows of another file
    #[arg(long)]
    force: bool,
    /// The months to replace, where the file has others too (2026-01, comma between)
    #[arg(long, value_name = "MONTHS", value_delimiter = ',')]
    months: Vec<String>,
    /// The FOCUS version of the file, where its columns do not show it (1.2)
    #[arg(long, value_name = "VERSION")]
    focus_version: Option<String>,
}

impl Ingest {
    /// Imports the file and shows how that ended.
    pub(crate) async fn run(self, context: &Context) -> Result {
        let Self { file, source, force, months, focus_version } = self;
        let input = Input { file: Some(file), source, force, months, focus_version };
        runs::start(context, FOCUS_IMPORT, input.body()?, true).await
    }
}
