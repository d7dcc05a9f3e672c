//! `reconciles`: the billed cost of each month and currency is the sum of a raw table's columns.

use std::collections::BTreeMap;

use anyhow::Context as _;

use super::sums_prql;
use crate::{
    costs::{Reconciliation, hundredth},
    decimal::Decimal,
    pipeline::engine::{Range, StepContext, StepError, answer},
    runs::CheckResult,
    warehouse::Answer,
};

type Sums = BTreeMap<(String, String), Decimal>;

/// Compares both sides; each month and currency that differs counts as one.
pub(super) async fn check(
    context: &StepContext<'_>,
    it: &Reconciliation,
    range: &Range,
) -> Result<CheckResult, StepError> {
    let focus = ask(context, &it.table, "BillingCurrency", &["BilledCost"], range).await?;
    let columns: Vec<_> = it.amounts.iter().map(String::as_str).collect();
    let provider = ask(context, &it.raw, &it.currency, &columns, range).await?;
    let mut differences = Vec::new();
    let keys: std::collections::BTreeSet<_> = focus.keys().chain(provider.keys()).collect();
    for key in keys {
        let side = |sums: &Sums| sums.get(key).copied().unwrap_or_default();
        let (ours, mut theirs) = (side(&focus), side(&provider));
        if it.cents {
            let exactly = hundredth(theirs).context("cents have more than 16 decimals");
            theirs = exactly.map_err(StepError::Internal)?;
        }
        if !within(ours, theirs, it.tolerance) {
            differences.push(format!("{} {}: {ours}, not {theirs}", key.0, key.1));
        }
    }
    let message = format!(
        "billed cost of `{}` differs from `{}`: {}",
        it.table,
        it.raw,
        differences.join("; ")
    );
    Ok(CheckResult::new("reconciles", &it.raw, differences.len() as u64, message))
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
