//! `reconciles`: the billed cost of each month and currency is the sum of a raw table's columns.

use std::collections::BTreeMap;

use super::sums_prql;
use crate::{
    decimal::Decimal,
    pipeline::{
        config::At,
        engine::{Range, StepContext, StepError, answer},
        plan::Check,
    },
    runs::CheckResult,
    warehouse::{Answer, ColumnType},
};

/// The column of a raw table that has the currency of its amounts.
const CURRENCY: &str = "currency";

/// The raw side of a reconciliation.
pub(super) struct Raw<'a> {
    /// The table.
    pub(super) table: &'a str,
    /// Its columns of amounts.
    pub(super) columns: &'a [At<String>],
    /// How far apart both sides may be.
    pub(super) tolerance: Decimal,
}

type Sums = BTreeMap<(String, String), Decimal>;

/// The raw table must have amounts in these columns, and say in which currency.
pub(in crate::pipeline::processors) fn check_config(
    check: &mut Check<'_>,
    with: &At<String>,
    columns: &[At<String>],
) {
    check.table(with);
    let Some(schema) = check.tables.get(&with.value) else { return };
    let kind = |name: &str| schema.fields.iter().find(|it| it.name == name).map(|it| it.kind);
    if kind(CURRENCY) != Some(ColumnType::String) {
        let message = format!("`{}` has no text column `{CURRENCY}`, which is needed", with.value);
        check.problem(with.line, message);
    }
    for column in columns {
        check.column(&with.value, column);
        if kind(&column.value).is_some_and(|kind| kind != ColumnType::Bignumeric) {
            let message = format!("`{}` is no amount: it is no BIGNUMERIC", column.value);
            check.problem(column.line, message);
        }
    }
}

/// Compares both sides; each month and currency that differs counts as one.
pub(super) async fn check(
    context: &StepContext<'_>,
    table: &str,
    raw: &Raw<'_>,
    range: &Range,
) -> Result<CheckResult, StepError> {
    let focus = ask(context, table, "BillingCurrency", &["BilledCost"], range).await?;
    let columns: Vec<_> = raw.columns.iter().map(|column| column.value.as_str()).collect();
    let provider = ask(context, raw.table, CURRENCY, &columns, range).await?;
    let mut differences = Vec::new();
    let keys: std::collections::BTreeSet<_> = focus.keys().chain(provider.keys()).collect();
    for key in keys {
        let side = |sums: &Sums| sums.get(key).copied().unwrap_or_default();
        let (ours, theirs) = (side(&focus), side(&provider));
        if !within(ours, theirs, raw.tolerance) {
            differences.push(format!("{} {}: {ours}, not {theirs}", key.0, key.1));
        }
    }
    let message = format!(
        "billed cost of `{table}` differs from `{}`: {}",
        raw.table,
        differences.join("; ")
    );
    Ok(CheckResult::new("reconciles", raw.table, differences.len() as u64, message))
}

fn within(a: Decimal, b: Decimal, tolerance: Decimal) -> bool {
    let apart = if a > b { a.checked_sub(b) } else { b.checked_sub(a) };
    apart.is_some_and(|apart| apart <= tolerance)
}

async fn ask(
    context: &StepContext<'_>,
    table: &str,
    currency: &str,
    columns: &[&str],
    range: &Range,
) -> Result<Sums, StepError> {
    let text = sums_prql(table, currency, columns);
    add(&context.ask("quality.reconciles", &text, range).await?).map_err(StepError::Internal)
}

fn add(answer: &Answer) -> anyhow::Result<Sums> {
    let mut sums = Sums::new();
    for (batch, row) in answer::rows(answer) {
        let mut total = Decimal::ZERO;
        for column in &batch.columns()[2..] {
            let amount = answer::amount(column, row)?.unwrap_or_default();
            total = total
                .checked_add(amount)
                .ok_or_else(|| anyhow::anyhow!("a sum has too many digits"))?;
        }
        let text = |at| answer::text(batch.column(at), row).map(Option::unwrap_or_default);
        sums.insert((text(0)?, text(1)?), total);
    }
    Ok(sums)
}
