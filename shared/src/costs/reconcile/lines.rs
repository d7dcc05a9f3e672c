//! What explains a difference: the days and things of which both sides say something else.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use arrow::array::RecordBatch;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Reconciliation,
    difference::{Key, Side, distance, less},
    lines_query,
    queries::{MOST_GROUPS, hull},
    sums,
};
use crate::{
    Result,
    costs::{Costs, read},
    decimal::Decimal,
    warehouse::Dataset,
};

/// How many lines explain one difference.
const MOST_LINES: usize = 20;

/// A day, and what else the pipeline names, of which both sides say something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// The UTC day.
    #[schema(value_type = Option<String>, format = Date)]
    pub charge_date: Option<Date>,
    /// FOCUS columns and their values; none where only days were compared.
    pub group: BTreeMap<String, Option<String>>,
    /// Ours; null where we have no amount.
    #[schema(value_type = Option<String>)]
    pub ours: Option<Decimal>,
    /// The provider's; null where it has no amount.
    #[schema(value_type = Option<String>)]
    pub provider: Option<Decimal>,
    /// Ours less the provider's.
    #[schema(value_type = String)]
    pub difference: Decimal,
}

/// A day and values.
type Group = (Option<Date>, Vec<Option<String>>);
type Groups = BTreeMap<Group, Side>;

/// The days that differ; by what the pipeline names where those are few enough to compare.
pub(super) async fn explain(
    costs: &Costs,
    dataset: &Dataset,
    it: &Reconciliation,
    (key, (raw_days, our_days)): (&Key, (&Range<Date>, &Range<Date>)),
) -> Result<Vec<Line>> {
    let days = ask(costs, dataset, it, (key, raw_days, our_days), false).await?;
    let by_day = differing(&days.0, &days.1, &[])?;
    let Some(only) =
        hull(by_day.iter().filter_map(|line| line.charge_date).collect::<Vec<_>>().into_iter())
    else {
        return Ok(by_day);
    };
    if it.by.is_empty() {
        return Ok(by_day);
    }
    let (theirs, ours) = ask(costs, dataset, it, (key, &only, &only), true).await?;
    if theirs.len().max(ours.len()) > MOST_GROUPS {
        return Ok(by_day);
    }
    let names: Vec<_> = it.by.iter().map(|(_, focus)| focus.as_str()).collect();
    let by_group = differing(&theirs, &ours, &names)?;
    Ok(if by_group.is_empty() { by_day } else { by_group })
}

/// Theirs and ours.
async fn ask(
    costs: &Costs,
    dataset: &Dataset,
    it: &Reconciliation,
    (key, raw_days, our_days): (&Key, &Range<Date>, &Range<Date>),
    by: bool,
) -> Result<(Groups, Groups)> {
    let period = (key.source.as_str(), key.month, key.currency.as_str());
    let side = |side: super::queries::Side<'_>, days| {
        lines_query(&if by { side } else { side.by_day() }, period, days)
    };
    let (raw, our) = (side(it.raw_side(), raw_days), side(it.our_side(), our_days));
    let (theirs, ours) = tokio::try_join!(
        costs.warehouse.query(dataset, &raw),
        costs.warehouse.query(dataset, &our)
    )?;
    let count = if by { it.by.len() } else { 0 };
    Ok((groups(&theirs.batches, count, it.cents)?, groups(&ours.batches, count, false)?))
}

fn groups(batches: &[RecordBatch], by: usize, cents: bool) -> anyhow::Result<Groups> {
    let group = |row: read::Row<'_>| {
        let values = (0..by).map(|at| row.text(&format!("by_{at}")));
        let values = values.collect::<anyhow::Result<Vec<_>>>()?;
        Ok(((row.day("x_charge_date")?, values), sums::side(row, cents)?))
    };
    read::rows(batches).map(group).collect()
}

/// The groups of which both sides say something else, those furthest apart first.
fn differing(theirs: &Groups, ours: &Groups, names: &[&str]) -> anyhow::Result<Vec<Line>> {
    let groups: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    let mut lines = Vec::new();
    for group in groups {
        let amount = |side: &Groups| side.get(group).and_then(|side| side.amount);
        let (ours, provider) = (amount(ours), amount(theirs));
        let difference = less(ours, provider)?;
        if difference != Decimal::ZERO {
            let columns = names.iter().map(|name| (*name).to_owned());
            let (charge_date, values) = (group.0, group.1.iter().cloned());
            let group = columns.zip(values).collect();
            lines.push(Line { charge_date, group, ours, provider, difference });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(distance(line.difference)));
    lines.truncate(MOST_LINES);
    Ok(lines)
}
