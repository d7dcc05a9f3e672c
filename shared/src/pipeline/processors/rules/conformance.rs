//! `focus_conformance`: what FOCUS says of every row, checked in one look at the table, and of
//! several rows, each in one more.

use crate::{
    focus::{Conformance, Finding},
    pipeline::engine::{
        Range, StepContext, StepError,
        answer::{self, counted},
    },
    runs::CheckResult,
};

/// One result per thing that FOCUS says and some rows do not keep; where all keep all, one.
pub(super) async fn check(
    context: &StepContext<'_>,
    table: &str,
    range: &Range,
) -> Result<Vec<CheckResult>, StepError> {
    let conformance = Conformance::new(&context.engine.model);
    let text = conformance.prql(table);
    let answer = context.ask("quality.focus_conformance", &text, range).await?;
    let mut broken = conformance.read(&answer)?;
    for (rule, text) in conformance.distinct(table) {
        let answer = context.ask("quality.focus_distinct", &text, range).await?;
        let failed_rows = answer::count(&answer)?;
        if failed_rows > 0 {
            let (rule, column, message) = (rule.id.clone(), rule.column.clone(), rule.says.clone());
            broken.push(Finding { rule, column, failed_rows, message });
        }
    }
    if broken.is_empty() {
        let message = format!("`{table}` is as FOCUS says");
        return Ok(vec![CheckResult::new("focus_conformance", "", 0, message)]);
    }
    let result = |found: Finding| {
        let message = format!("{} of `{table}`: {}", counted(found.failed_rows), found.message);
        let rule = format!("focus_{}", found.rule);
        CheckResult::new(&rule, &found.column, found.failed_rows, message)
    };
    Ok(broken.into_iter().map(result).collect())
}
