//! What a run is asked to do, checked against its plan.

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::windows::{self, split};
use crate::{
    Error, Result,
    error::Detail,
    focus::Version,
    pipeline::{Plan, processors::Processor},
    providers::{SOURCE_NAME, is_source_name},
    queue::Window,
    warehouse::SourceId,
};

/// The most days that one request may cover.
const MOST_DAYS: i32 = 366 * 5;

/// The body of a request to run a pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunRequest {
    /// One day, `YYYY-MM-DD`.
    #[schema(format = Date)]
    pub date: Option<String>,
    /// The first day.
    #[schema(format = Date)]
    pub start_date: Option<String>,
    /// The last day, included.
    #[schema(format = Date)]
    pub end_date: Option<String>,
    /// The name of the source; `default` unless given.
    #[schema(example = "default")]
    pub source: Option<String>,
    /// The file: `upload://{id}`.
    pub input: Option<String>,
    /// The billing months (`YYYY-MM`) that may be replaced; rows of others are left out.
    pub months: Vec<String>,
    /// Whether months that hold rows of another input may be replaced.
    pub force: bool,
    /// The FOCUS version of the file, where its columns do not show it.
    #[schema(example = "1.2")]
    pub focus_version: Option<String>,
}

/// A request that fits its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whose rows are replaced.
    pub source: SourceId,
    /// The days.
    pub window: Option<Window>,
    /// The file, as it was written.
    pub input: Option<String>,
    /// The billing months that may be replaced, by first day.
    pub months: Vec<Date>,
    /// Whether months of another input may be replaced.
    pub force: bool,
    /// The FOCUS version of the file, where that was said.
    pub focus_version: Option<Version>,
}

impl Asked {
    /// The windows that one run each covers; none where the plan has none. More than one make a
    /// backfill.
    #[must_use]
    pub fn windows(&self, plan: &Plan) -> Vec<Window> {
        self.window.zip(plan.window).map_or_else(Vec::new, |(all, limit)| split(all, limit))
    }
}

/// Checks a request.
///
/// # Errors
///
/// 422 with every mistake.
pub fn check(plan: &Plan, request: &RunRequest, today: Date) -> Result<Asked> {
    let mut mistakes = Mistakes::default();
    let window = check_days(plan, request, today, &mut mistakes);
    check_input(plan, request, &mut mistakes);
    let months = check_months(plan, request, &mut mistakes);
    let focus_version = check_version(plan, request, &mut mistakes);
    let name = request.source.as_deref().unwrap_or("default");
    if !is_source_name(name) {
        mistakes.add("source", SOURCE_NAME);
    }
    Error::check(mistakes.0)?;
    Ok(Asked {
        source: SourceId::new(&plan.provider, name),
        window,
        input: request.input.clone(),
        months,
        force: request.force,
        focus_version,
    })
}

#[derive(Default)]
struct Mistakes(Vec<Detail>);

impl Mistakes {
    fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Detail { field: field.to_owned(), message: message.into() });
    }
}

fn check_days(
    plan: &Plan,
    request: &RunRequest,
    today: Date,
    mistakes: &mut Mistakes,
) -> Option<Window> {
    let mut day = |field: &str, text: &Option<String>| {
        let text = text.as_deref()?;
        let day = read_day(text);
        if day.is_none() {
            mistakes.add(field, format!("`{text}` is no day that exists, as `YYYY-MM-DD`"));
        }
        day
    };
    let (date, start, end) = (
        day("date", &request.date),
        day("start_date", &request.start_date),
        day("end_date", &request.end_date),
    );
    let given = [&request.date, &request.start_date, &request.end_date].map(Option::is_some);
    let none = given == [false; 3];
    if none && (!plan.takes_dates() || request.input.is_some()) {
        return None;
    }
    if let (true, Some(schedule)) = (none, &plan.schedule) {
        return Some(schedule.window(today));
    }
    match (plan.takes_dates(), given) {
        (false, _) => {
            mistakes.add("", "this pipeline reads a file, it takes no days");
            return None;
        }
        (true, [true, false, false] | [false, true, true]) => {}
        (true, _) => {
            let file = if plan.takes_input() { ", or an `input`" } else { "" };
            let message = format!("send `date`, or `start_date` and `end_date`{file}");
            mistakes.add("", message);
            return None;
        }
    }
    let (start, end) = date.map(|day| (day, day)).or(start.zip(end))?;
    check_range(start, end, today, mistakes)
}

fn check_range(start: Date, end: Date, today: Date, mistakes: &mut Mistakes) -> Option<Window> {
    if end < start {
        mistakes.add("end_date", "the last day is not before the first");
    } else if start > today {
        mistakes.add("start_date", format!("{start} has not come yet; today is {today}"));
    } else if (end - start).get_days() >= MOST_DAYS {
        mistakes.add("end_date", format!("ask for at most {MOST_DAYS} days at once"));
    } else {
        return Some(Window { start, end });
    }
    None
}

fn check_input(plan: &Plan, request: &RunRequest, mistakes: &mut Mistakes) {
    let days = [&request.date, &request.start_date, &request.end_date];
    match (plan.takes_input(), &request.input) {
        (true, Some(_)) if plan.takes_dates() && days.into_iter().any(Option::is_some) => {
            mistakes.add("input", "send a file or days, not both");
        }
        (true, None) if !plan.takes_dates() => mistakes
            .add("input", "this pipeline reads a file: upload one, then send `upload://{id}`"),
        (false, Some(_)) => mistakes.add("input", "this pipeline takes no file"),
        _ => {}
    }
}

fn check_months(plan: &Plan, request: &RunRequest, mistakes: &mut Mistakes) -> Vec<Date> {
    if !plan.takes_input() && !request.months.is_empty() {
        mistakes.add("months", "only file pipelines take months");
    }
    let mut months = Vec::new();
    for text in &request.months {
        match windows::month(text) {
            Some(month) if !months.contains(&month) => months.push(month),
            Some(_) => {}
            None => mistakes.add("months", format!("`{text}` is no month, as `YYYY-MM`")),
        }
    }
    months
}

fn check_version(plan: &Plan, request: &RunRequest, mistakes: &mut Mistakes) -> Option<Version> {
    let text = request.focus_version.as_deref()?;
    if !plan.steps.iter().any(|step| matches!(step.processor, Processor::Focus(_))) {
        mistakes.add("focus_version", "this pipeline reads no FOCUS file");
    }
    match text.parse() {
        Ok(version) if Version::READ.contains(&version) => Some(version),
        _ => {
            let read = Version::READ.map(Version::as_str).join(", ");
            mistakes.add("focus_version", format!("`{text}` is none of {read}"));
            None
        }
    }
}

fn read_day(text: &str) -> Option<Date> {
    text.parse::<Date>().ok().filter(|day| day.to_string() == text)
}
