//! Google's analyzer takes every statement, and says what each reads.

use convergence::configs::Configs;
use integration_tests::{
    emulators::needed,
    sqlcheck::{Verdict, judge},
};

use super::{catalogue::tables, statements::all};

fn verdicts() -> Option<Vec<Verdict>> {
    let configs = Configs::embedded();
    needed(judge(&tables(&configs), &all(&configs)))
}

#[test]
fn every_statement_is_right_against_our_schemas() {
    let Some(verdicts) = verdicts() else { return };
    let wrong: Vec<_> = verdicts
        .iter()
        .filter_map(|verdict| Some(format!("{}: {}", verdict.name, verdict.error.as_ref()?)))
        .collect();
    assert!(wrong.is_empty(), "BigQuery would refuse:\n{}", wrong.join("\n"));
}
