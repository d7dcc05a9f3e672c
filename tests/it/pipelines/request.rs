//! What a run may be asked for, and how long ranges are split.

use convergence::{
    Error,
    configs::Configs,
    pipeline::{
        Plans,
        config::{Unit, WindowLimit},
        plan::PipelineName,
    },
    queue::Window,
    runs::{self, RunRequest, split},
};
use insta::assert_snapshot;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::acme;

const TODAY: Date = date(2026, 7, 1);

fn checked(pipeline: &str, body: &Value) -> Result<runs::Asked, String> {
    let configs = if pipeline.starts_with("focus") { Configs::embedded() } else { acme::configs() };
    let plans = Plans::load(&configs).unwrap();
    let request: RunRequest = serde_json::from_value(body.clone()).unwrap();
    let plan = plans.get(&PipelineName::new(pipeline)).unwrap();
    runs::check(plan, &request, TODAY).map_err(|error| match error {
        Error::Invalid { details, .. } => {
            let line = |it: &convergence::error::Detail| format!("{}: {}", it.field, it.message);
            details.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        other => panic!("{other}"),
    })
}

fn days(body: &Value) -> Result<(Date, Date), String> {
    let asked = checked("acme/cost/daily", body)?;
    Ok(asked.window.map(|window| (window.start, window.end)).unwrap())
}

#[test]
fn one_day_or_a_range_both_days_included() {
    let day = date(2026, 6, 30);
    assert_eq!(days(&json!({ "date": "2026-06-30" })), Ok((day, day)));
    let range = json!({ "start_date": "2024-02-29", "end_date": "2026-06-30" });
    assert_eq!(days(&range), Ok((date(2024, 2, 29), day)));
    assert!(days(&json!({ "date": "2026-07-01" })).is_ok());
}

#[test]
fn days_that_make_no_sense_are_named() {
    let mistakes = |body| days(&body).unwrap_err();
    assert_snapshot!(mistakes(json!({ "date": "2026-02-30" })), @"date: `2026-02-30` is no day that exists, as `YYYY-MM-DD`");
    assert_snapshot!(mistakes(json!({ "date": "2026-6-1" })), @"date: `2026-6-1` is no day that exists, as `YYYY-MM-DD`");
    assert_snapshot!(mistakes(json!({})), @": send `date`, or `start_date` and `end_date`");
    assert_snapshot!(mistakes(json!({ "date": "2026-06-01", "end_date": "2026-06-02" })), @": send `date`, or `start_date` and `end_date`");
    assert_snapshot!(mistakes(json!({ "start_date": "2026-06-01" })), @": send `date`, or `start_date` and `end_date`");
    assert_snapshot!(mistakes(json!({ "start_date": "2026-06-02", "end_date": "2026-06-01" })), @"end_date: the last day is not before the first");
    assert_snapshot!(mistakes(json!({ "date": "2026-07-02" })), @"start_date: 2026-07-02 has not come yet; today is 2026-07-01");
    assert_snapshot!(mistakes(json!({ "start_date": "1990-01-01", "end_date": "2026-06-01" })), @"end_date: ask for at most 1830 days at once");
}

#[test]
fn every_mistake_is_said_at_once() {
    let body = json!({
        "start_date": "2026-13-01", "end_date": "soon", "source": "../x", "input": "upload://1",
        "months": ["2026-06"],
    });
    assert_snapshot!(days(&body).unwrap_err(), @"
    start_date: `2026-13-01` is no day that exists, as `YYYY-MM-DD`
    end_date: `soon` is no day that exists, as `YYYY-MM-DD`
    input: this pipeline takes no file
    months: only file pipelines take months
    source: a source's name is 1 to 40 of a-z, 0-9, `_` and `-`, and begins with a letter or digit
    ");
    let body = json!({ "date": "2026-06-01", "months": ["2026-13", "June", "2026-06-01"] });
    assert_snapshot!(checked("focus/cost/import", &body).unwrap_err(), @"
    : this pipeline reads a file, it takes no days
    input: this pipeline reads a file: upload one, then send `upload://{id}`
    months: `2026-13` is no month, as `YYYY-MM`
    months: `June` is no month, as `YYYY-MM`
    months: `2026-06-01` is no month, as `YYYY-MM`
    ");
}

#[test]
fn a_file_pipeline_takes_a_file_a_source_and_months() {
    let body =
        json!({ "input": "upload://1", "source": "second", "months": ["2026-06", "2026-06"] });
    let asked = checked("focus/cost/import", &body).unwrap();
    assert_eq!(asked.source.as_str(), "focus/second");
    assert_eq!(asked.months, [date(2026, 6, 1)]);
    assert!(!asked.force);
}

#[test]
fn ranges_are_split_at_the_ends_of_months() {
    let range = Window { start: date(2024, 1, 15), end: date(2024, 4, 2) };
    let windows = split(range, WindowLimit { unit: Unit::Month, max: 1 });
    let ends: Vec<_> = windows.iter().map(|window| (window.start, window.end)).collect();
    let expected = [
        (date(2024, 1, 15), date(2024, 1, 31)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2024, 3, 31)),
        (date(2024, 4, 1), date(2024, 4, 2)),
    ];
    assert_eq!(ends, expected);
}

proptest! {
    #[test]
    fn windows_cover_every_day_once(start in 0_i64..20_000, length in 0_i64..800, max in 1_u16..40, months: bool) {
        let day = |n: i64| date(1990, 1, 1).saturating_add(jiff::Span::new().days(n));
        let range = Window { start: day(start), end: day(start + length) };
        let unit = if months { Unit::Month } else { Unit::Day };
        let windows = split(range, WindowLimit { unit, max });
        prop_assert_eq!(windows.first().map(|window| window.start), Some(range.start));
        prop_assert_eq!(windows.last().map(|window| window.end), Some(range.end));
        for pair in windows.windows(2) {
            prop_assert_eq!(pair[0].end.tomorrow().unwrap(), pair[1].start);
        }
        prop_assert!(windows.iter().all(|window| window.start <= window.end));
    }
}
