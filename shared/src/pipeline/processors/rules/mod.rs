//! How each rule of `quality` is checked: one question to the warehouse per rule and column.

mod conformance;
mod queries;
pub(super) mod reconciles;

pub use self::queries::{accepted_prql, min_rows_prql, not_null_prql, sums_prql};

use super::Rule;
use crate::{
    pipeline::{
        config::At,
        engine::{Range, StepContext, StepError, answer},
    },
    runs::CheckResult,
};

/// The results of a rule, one per column it is about.
pub(super) async fn check(
    context: &StepContext<'_>,
    table: &str,
    rule: &Rule,
    range: &Range,
) -> Result<Vec<CheckResult>, StepError> {
    match rule {
        Rule::NotNull(columns) => not_null(context, table, columns, range).await,
        Rule::MinRows(rows) => Ok(vec![min_rows(context, table, *rows, range).await?]),
        Rule::Accepted { column, values } => {
            Ok(vec![accepted(context, table, (&column.value, values), range).await?])
        }
        Rule::FocusConformance => conformance::check(context, table, range).await,
        Rule::Reconciles(it) => Ok(vec![reconciles::check(context, &it.of(table), range).await?]),
    }
}

async fn not_null(
    context: &StepContext<'_>,
    table: &str,
    columns: &[At<String>],
    range: &Range,
) -> Result<Vec<CheckResult>, StepError> {
    let mut results = Vec::new();
    for column in columns {
        let column = &column.value;
        let text = not_null_prql(table, column);
        let failed = answer::count(&context.ask("quality.not_null", &text, range).await?)?;
        let message = format!("{} of `{table}` without `{column}`", answer::counted(failed));
        results.push(CheckResult::new("not_null", column, failed, message));
    }
    Ok(results)
}

async fn min_rows(
    context: &StepContext<'_>,
    table: &str,
    least: i64,
    range: &Range,
) -> Result<CheckResult, StepError> {
    let text = min_rows_prql(table);
    let rows = answer::count(&context.ask("quality.min_rows", &text, range).await?)?;
    let lacking = u64::try_from(least).unwrap_or_default().saturating_sub(rows);
    let message =
        format!("`{table}` has {} where at least {least} are expected", answer::counted(rows));
    Ok(CheckResult::new("min_rows", "", lacking, message))
}

/// Values other than null that a column should not have, with how often it does.
async fn accepted(
    context: &StepContext<'_>,
    table: &str,
    (column, values): (&str, &[String]),
    range: &Range,
) -> Result<CheckResult, StepError> {
    let text = accepted_prql(table, column);
    let found = context.ask("quality.accepted", &text, range).await?;
    let (mut failed, mut sample) = (0, Vec::new());
    for (batch, row) in answer::rows(&found) {
        let value = answer::text(batch.column(0), row)?.unwrap_or_default();
        if !values.contains(&value) {
            failed += answer::whole(batch.column(1), row)?;
            sample.push(value);
        }
    }
    sample.truncate(5);
    let message =
        format!("`{column}` of `{table}` is {} in {}", sample.join(", "), answer::counted(failed));
    Ok(CheckResult::new("accepted", column, failed, message))
}
