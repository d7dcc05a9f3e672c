//! The cursors of a report that is read page by page.

use std::{collections::HashSet, ops::Range};

use jiff::{ToSpan as _, civil::Date};

use super::{Line, Page, Report, Source};
use crate::{
    pipeline::engine::StepError,
    providers::{Api, ApiError},
};

/// The most pages of one report: a year by the day, in pages of a day, many times over.
const PAGES: usize = 10_000;

/// A report on its way: asked in pieces that the provider takes, each page by page.
#[derive(Debug)]
pub(super) struct Reading {
    report: Report,
    pieces: Vec<Range<Date>>,
    cursor: Option<String>,
    seen: HashSet<String>,
}

impl Reading {
    /// Of a report that nobody has asked for yet.
    pub(super) fn new(report: Report, days: &Range<Date>) -> Self {
        let mut pieces = Vec::new();
        let mut start = days.start;
        while start < days.end {
            let next = start.saturating_add(i64::from(report.days).days()).min(days.end);
            pieces.push(start..next);
            start = next;
        }
        pieces.reverse();
        Self { report, pieces, cursor: None, seen: HashSet::new() }
    }

    /// The report.
    pub(super) fn report(&self) -> &Report {
        &self.report
    }

    /// The lines of the next page; `None` after the last. A cursor that comes again would never
    /// end, and is refused.
    pub(super) async fn next(
        &mut self,
        source: &dyn Source,
        api: &Api,
    ) -> Result<Option<Vec<Line>>, ApiOr> {
        let Some(days) = self.pieces.last().cloned() else { return Ok(None) };
        let asked = source.page(api, &self.report, &days, self.cursor.as_deref()).await;
        let Page { lines, next } = asked.map_err(ApiOr::Api)?;
        match next {
            None => {
                self.pieces.pop();
                self.cursor = None;
                self.seen.clear();
            }
            Some(next) if self.seen.len() < PAGES && self.seen.insert(next.clone()) => {
                self.cursor = Some(next);
            }
            Some(_) => return Err(ApiOr::Step(repeats(&self.report))),
        }
        Ok(Some(lines))
    }
}

/// What stops a reading.
#[derive(Debug)]
pub(super) enum ApiOr {
    /// The provider, by refusing or not answering.
    Api(ApiError),
    /// We, by not going on.
    Step(StepError),
}

fn repeats(report: &Report) -> StepError {
    let message = format!(
        "the provider's pages of `{}` never end: one leads back to another before it; \
         nothing was replaced",
        report.name
    );
    StepError::failed("pages_repeat", message)
}
