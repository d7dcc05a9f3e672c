//! What a source has to say.

use std::{fmt, ops::Range};

use async_trait::async_trait;
use jiff::civil::Date;

use super::{Cost, Line, Strange, Usage};
use crate::providers::{Api, ApiError, Fields, Reach, Refusal};

/// Something that can be asked of a source, page by page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What it is called in raw rows.
    pub name: &'static str,
    /// Where it is.
    pub path: &'static str,
    /// The finest grouping that it has; none for sums by day.
    pub group_by: &'static [&'static str],
    /// The most days of one page, or of one request where it has no pages.
    pub days: u16,
}

/// One page of a report.
#[derive(Debug, Default)]
pub struct Page {
    /// What it says, line by line.
    pub lines: Vec<Line>,
    /// What to ask the next one by.
    pub next: Option<String>,
}

/// An LLM API that tells what it was used for and what that costs.
#[async_trait]
pub trait Source: fmt::Debug + Send + Sync {
    /// The provider of the registry.
    fn id(&self) -> &'static str;

    /// Its name for people.
    fn name(&self) -> &'static str;

    /// Its API, with the key of a connection.
    ///
    /// # Errors
    ///
    /// Fails where no client can be made.
    fn api(&self, reach: &Reach, fields: &Fields) -> anyhow::Result<Api>;

    /// What is billed, as finely as it says.
    fn costs(&self) -> Report;

    /// The same by day only: its own sums, which the lines are held to.
    fn sums(&self) -> Option<Report>;

    /// What was consumed: every report there is.
    fn usage(&self) -> &'static [Report];

    /// One page of a report over `days`, the end not included.
    ///
    /// # Errors
    ///
    /// As [`Api::get`].
    async fn page(
        &self,
        api: &Api,
        report: &Report,
        days: &Range<Date>,
        cursor: Option<&str>,
    ) -> Result<Page, ApiError>;

    /// Reads a line of [`Source::costs`], or of [`Source::sums`].
    ///
    /// # Errors
    ///
    /// Where it cannot be read in one way only.
    fn cost(&self, line: &Line) -> Result<Cost, Strange>;

    /// Reads a line of a usage report: one row per meter, each unit in one of them.
    ///
    /// # Errors
    ///
    /// Where it cannot be read in one way only.
    fn usages(&self, report: &Report, line: &Line) -> Result<Vec<Usage>, Strange>;

    /// What is wrong with a key that was refused, for its owner. Never repeats the key, nor what
    /// the provider said.
    fn refused(&self, refusal: &Refusal, key: &str) -> String;
}
