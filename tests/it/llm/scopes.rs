//! Which days a run is for: a file or days, and what a schedule reads by itself.

use convergence::{
    Error,
    configs::Configs,
    pipeline::{Plans, config::Schedule, plan::PipelineName},
    runs::{self, Asked, RunRequest},
};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const TODAY: Date = date(2026, 7, 1);

const EITHER: &str = r"
description: A file, or days
provider: acme
parameters: { start_date: { type: date }, end_date: { type: date }, input: { type: file } }
window: { unit: month, max: 1 }
steps:
  - { id: read, processor: focus, into: focus_acme }
";

fn asked(pipeline: &str, body: &Value) -> Result<Asked, String> {
    let shipped = Configs::embedded();
    let files = shipped.below("").map(|(path, text)| (path.to_owned(), text.to_owned()));
    let own = ("acme/cost/either.yml".to_owned(), pipeline.to_owned());
    let plans = Plans::load(&Configs::of(files.chain([own]))).unwrap();
    let plan = plans.get(&PipelineName::new("acme/cost/either")).unwrap();
    let request: RunRequest = serde_json::from_value(body.clone()).unwrap();
    runs::check(plan, &request, TODAY).map_err(|error| match error {
        Error::Invalid { details, .. } => details
            .iter()
            .map(|it| format!("{}: {}", it.field, it.message))
            .collect::<Vec<_>>()
            .join("; "),
        other => panic!("{other}"),
    })
}

#[test]
fn a_pipeline_may_take_either_a_file_or_days() {
    let file = asked(EITHER, &json!({ "input": "upload://x", "months": ["2026-05"] })).unwrap();
    assert_eq!((file.window, file.input.as_deref()), (None, Some("upload://x")));
    let days = asked(EITHER, &json!({ "date": "2026-06-01" })).unwrap();
    assert!(days.window.is_some() && days.input.is_none());
    let both = json!({ "date": "2026-06-01", "input": "upload://x" });
    insta::assert_snapshot!(asked(EITHER, &both).unwrap_err(), @"input: send a file or days, not both");
    insta::assert_snapshot!(asked(EITHER, &json!({})).unwrap_err(), @": send `date`, or `start_date` and `end_date`, or an `input`");
}

#[test]
fn a_schedule_says_the_days_of_a_run_that_names_none() {
    let scheduled =
        EITHER.replace("window:", "schedule: { cron: '0 5 * * *', lookback_days: 3 }\nwindow:");
    let window = asked(&scheduled, &json!({})).unwrap().window.unwrap();
    assert_eq!((window.start, window.end), (date(2026, 6, 28), date(2026, 6, 30)));
    assert!(asked(&scheduled, &json!({ "input": "upload://x" })).unwrap().window.is_none());
    let yesterday = Schedule { cron: String::new(), lookback_days: 0 }.window(date(2026, 3, 1));
    assert_eq!((yesterday.start, yesterday.end), (date(2026, 2, 28), date(2026, 2, 28)));
}
