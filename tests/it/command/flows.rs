//! The main job through the command: the same without a server, where it opens the files itself,
//! and with one, where it asks.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::{Value, json};

use super::cli::Cli;

/// The sample's totals, summed from its text by other means: README states them.
const TOTALS: [(&str, &str, u64); 4] = [
    ("billed", "20.52022672899", 0),
    ("effective", "14.97651418586", 0),
    ("list", "20.39090575119", 0),
    ("contracted", "14.97626039326", 7),
];

pub(super) const SAMPLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/focus-1.0-sample-1000.csv");

pub(super) const SEPTEMBER: [&str; 5] = ["costs", "--from", "2024-09-01", "--to", "2024-10-31"];

pub(super) fn onboarded(cli: &Cli) {
    let made = cli.json(&["bootstrap"]);
    assert_eq!(made["created"].as_array().unwrap().len(), 15);
    let company = ["--company", "Société Générale", "--email", "ada@example.com"];
    let made = cli.json(&[&["onboard", "acme"], &company[..]].concat());
    assert!(made["api_key"].as_str().unwrap().starts_with("acme_api_"));
}

fn whole_job(cli: &Cli) {
    onboarded(cli);
    let run = cli.json(&["ingest", SAMPLE]);
    assert_eq!(run["status"], "COMPLETED");
    let costs = cli.json(&SEPTEMBER);
    for (cost, amount, lacking) in TOTALS {
        let total = &costs["totals"][cost][0];
        assert_eq!(total["currency"], "USD");
        assert_eq!(total["amount"], amount, "{cost}");
        assert_eq!((&total["rows"], &total["rows_without_cost"]), (&json!(1000), &json!(lacking)));
    }
}

#[test]
fn without_a_server_the_command_opens_the_files_itself() {
    let cli = Cli::new();
    whole_job(&cli);
    let said = cli.run(&SEPTEMBER);
    assert!(said.out.contains("20.52022672899") && said.out.contains("COMPUTE"), "{}", said.out);
    assert!(said.out.contains("USD: 7 rows have no contracted cost"), "{}", said.out);
    assert!(!said.out.contains('\u{1b}'), "no colors where nobody looks");
    let key = cli.data().parent().unwrap().join(".config/convergence/credentials.toml");
    assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn with_a_server_the_command_asks_it() {
    let cli = Cli::new();
    let server = cli.serve();
    whole_job(&cli);
    assert_eq!(server.stop(), Some(0));
    let after = cli.json(&SEPTEMBER);
    assert_eq!(after["totals"]["billed"][0]["amount"], "20.52022672899", "the same files");
}

#[test]
fn a_run_that_fails_is_exit_code_3_and_says_why() {
    let cli = Cli::new();
    onboarded(&cli);
    let file = cli.file("not-focus.csv", "a,b\n1,2\n");
    let said = cli.run(&["ingest", file.to_str().unwrap()]);
    assert_eq!(said.code, Some(3), "{said:?}");
    assert!(said.out.contains("not_focus: this is no FOCUS file"), "{}", said.out);
    let said = cli.run(&["ingest", "there-is-no-such-file.csv"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("there is no file there-is-no-such-file.csv"), "{}", said.err);
}

#[test]
fn another_file_of_the_same_month_is_refused_until_told_to_replace() {
    let cli = Cli::new();
    onboarded(&cli);
    assert_eq!(cli.run(&["ingest", SAMPLE]).code, Some(0));
    let text = fs::read_to_string(SAMPLE).unwrap();
    let start: Vec<&str> = text.split_inclusive('\n').take(3).collect();
    let file = cli.file("part.csv", &start.concat());
    let file = file.to_str().unwrap();
    let said = cli.run(&["ingest", file]);
    assert_eq!(said.code, Some(3));
    assert!(said.out.contains("scope_conflict") && said.out.contains("--force"), "{}", said.out);
    assert_eq!(cli.run(&["ingest", file, "--force"]).code, Some(0));
    let costs = cli.json(&SEPTEMBER);
    assert_eq!(costs["totals"]["billed"][0]["rows"], 3, "two of September, one of October");
}

#[test]
fn what_has_no_costs_says_where_there_are_some() {
    let cli = Cli::new();
    onboarded(&cli);
    let said = cli.run(&["costs"]);
    assert!(said.out.contains("There are none. try: convergence ingest FILE"), "{}", said.out);
}

#[test]
fn the_demo_shows_costs_and_can_be_shown_again() {
    let cli = Cli::new();
    for _ in 0..2 {
        let said = cli.run(&["demo", "--once", "--port", "0,0"]);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert!(said.out.contains("20.52022672899"), "{}", said.out);
        assert!(said.out.contains("Amazon Elastic Compute Cloud"), "{}", said.out);
        assert!(said.err.contains("✓ organization demo"), "{}", said.err);
        for model in ["openai/gpt-4o-mini-2024-07-18", "anthropic/claude-opus-4-6"] {
            assert!(said.out.contains(model), "{}", said.out);
        }
    }
    let key = cli.data().parent().unwrap().join(".config/convergence/credentials.toml");
    fs::remove_file(key).unwrap();
    let said = cli.run(&["demo", "--once", "--port", "0,0"]);
    assert_eq!(said.code, Some(0), "a lost key is replaced: {said:?}");
    let shown: Value =
        cli.json(&["--org", "demo", "costs", "--from", "2024-09-01", "--to", "2024-10-31"]);
    assert_eq!(shown["totals"]["billed"][0]["amount"], "20.52022672899");
}

#[test]
fn rows_that_cannot_be_used_are_shown_with_where_they_stand() {
    let cli = Cli::new();
    onboarded(&cli);
    let rows: String = (0..7).map(|_| "NaN,USD,2026-05-01\n").collect();
    let text = format!("BilledCost,BillingCurrency,ChargePeriodStart\n1,USD,2026-05-01\n{rows}");
    let file = cli.file("bad.csv", &text);
    let said = cli.run(&["ingest", file.to_str().unwrap()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("7 rows could not be used"), "{}", said.out);
    let shown = said.out.lines().filter(|line| line.contains("BilledCost") && line.contains("NaN"));
    assert_eq!(shown.count(), 5, "{}", said.out);
    assert!(said.out.contains("… 2 more: GET /api/v1/pipelines/ORG/runs/"), "{}", said.out);
    assert!(said.out.contains("1 row of `focus_import`"), "{}", said.out);
}

#[test]
fn a_missing_file_is_asked_for_as_the_command_takes_it() {
    let cli = Cli::new();
    onboarded(&cli);
    let said = cli.run(&["run", "gcp/cost/billing"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("try: --input FILE"), "{}", said.err);
    let said = cli.run(&["run", "gcp/cost/billing", "--date", "2026-01-01"]);
    assert!(!said.err.contains(" : "), "{}", said.err);
}
