//! Every query we ship, as both dialects see it. After a change, look at the difference and keep it
//! with `INSTA_UPDATE=always cargo test -p integration-tests shipped`.

use convergence::{
    configs::Configs,
    costs::rollup,
    focus::{Conformance, Model},
    pipeline::{engine::REJECTED_KEPT, processors::rules},
    runs::{
        PAST_CHECKS, PAST_STEPS, REJECTED_ROWS, RunStatus, RunsFilter, past_run_prql,
        past_runs_prql,
    },
    tenants,
    warehouse::prql::{Dialect, sql},
};

/// A query of ours.
pub(crate) struct Shipped {
    /// A path below `configs/`, or as in logs and statistics.
    pub(crate) name: String,
    pub(crate) prql: String,
}

/// Every `.prql` file of `configs/`, and the queries that are built in code.
pub(crate) fn all(configs: &Configs) -> anyhow::Result<Vec<Shipped>> {
    let files = configs.below("").filter(|(path, _)| {
        std::path::Path::new(path).extension().is_some_and(|extension| extension == "prql")
    });
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let model = Model::read(configs)?;
    let built = [
        ("audit_log".to_owned(), tenants::audit_prql()),
        ("past_checks".to_owned(), PAST_CHECKS.to_owned()),
        ("past_run".to_owned(), past_run_prql()),
        ("past_runs".to_owned(), past_runs_prql(&every_filter(), true, 51)),
        ("past_steps".to_owned(), PAST_STEPS.to_owned()),
        ("rollup".to_owned(), rollup::prql("focus_aws")),
        ("quality.focus_conformance".to_owned(), Conformance::new(&model).prql("focus_aws")),
        ("quality.accepted".to_owned(), rules::accepted_prql("gcp_billing_raw", "cost_type")),
        ("quality.min_rows".to_owned(), rules::min_rows_prql("gcp_billing_raw")),
        ("quality.not_null".to_owned(), rules::not_null_prql("focus_aws", "BilledCost")),
        (
            "quality.reconciles".to_owned(),
            rules::sums_prql("gcp_billing_raw", "currency", &["cost", "credits_amount"]),
        ),
        ("rejected_rows".to_owned(), REJECTED_ROWS.to_owned()),
        ("rejected_rows.kept".to_owned(), REJECTED_KEPT.to_owned()),
    ];
    Ok(files.chain(built).map(|(name, prql)| Shipped { name, prql }).collect())
}

fn every_filter() -> RunsFilter {
    RunsFilter {
        status: Some(RunStatus::Failed),
        pipeline: Some("focus/cost/import".to_owned()),
        parent: Some(uuid::Uuid::nil()),
    }
}

#[test]
fn queries_compile_in_both_dialects_to_what_was_looked_at() {
    let mut problems = Vec::new();
    for query in all(&Configs::embedded()).unwrap() {
        let texts = [Dialect::DuckDb, Dialect::BigQuery].map(|dialect| sql(&query.prql, dialect));
        match texts {
            [Ok(duckdb), Ok(bigquery)] => {
                let text = format!("-- DuckDB\n{duckdb}\n\n-- BigQuery\n{bigquery}");
                let name = query.name.replace(['/', '.'], "_");
                insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
                    insta::assert_snapshot!(name, text);
                });
            }
            [duckdb, bigquery] => {
                problems.extend(
                    [duckdb, bigquery]
                        .into_iter()
                        .filter_map(Result::err)
                        .map(|error| format!("{}: {error}", query.name)),
                );
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn queries_have_names_of_their_own() {
    let mut names: Vec<String> =
        all(&Configs::embedded()).unwrap().into_iter().map(|q| q.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
