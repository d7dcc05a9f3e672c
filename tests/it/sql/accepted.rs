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

/// Whoever makes a dashboard read more columns sees it here.
#[test]
fn questions_of_dashboards_read_these_columns_and_no_others() {
    let Some(verdicts) = verdicts() else { return };
    let whole = ["costs_export", "costs_line_items "];
    let read = |verdict: &Verdict| {
        let tables = verdict.reads.iter().map(|(table, columns)| format!("{table}: {columns:?}"));
        format!("{}\n  {}\n", verdict.name, tables.collect::<Vec<_>>().join("\n  "))
    };
    let questions = verdicts.iter().filter(|verdict| verdict.name.starts_with("costs_"));
    let narrow = questions.filter(|verdict| !whole.iter().any(|it| verdict.name.starts_with(it)));
    let text: String = narrow.map(read).collect();
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("columns_of_dashboards", text);
    });
}
