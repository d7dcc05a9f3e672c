//! What follows from a row: its day and month; and what follows from rows: their report.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use arrow::{
    array::{
        Array as _, ArrayRef, AsArray as _, Date32Array, Decimal128Array, RecordBatch,
        TimestampMicrosecondArray,
    },
    datatypes::{Date32Type, Decimal128Type, TimestampMicrosecondType},
};

use crate::{
    decimal::Decimal,
    ingest::{
        Currency, Report,
        notices::Kind,
        typed::{Column, Target, Work, day_of},
        values::{date_of, day_number},
    },
};

const COSTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

/// `x_billing_month` and `x_charge_date`.
pub(super) fn days(
    work: &mut Work<'_>,
    targets: &[Target],
    columns: &[Column],
) -> anyhow::Result<[Column; 2]> {
    let charge = moments(targets, columns, "ChargePeriodStart").context("no ChargePeriodStart")?;
    let billing = moments(targets, columns, "BillingPeriodStart");
    let (mut months, mut dates) =
        (Vec::with_capacity(work.rows()), Vec::with_capacity(work.rows()));
    let mut last = (i32::MIN, 0);
    for row in 0..work.rows() {
        let day = day_of(charge.value(row));
        let billed = billing.filter(|billing| billing.is_valid(row));
        let of = billed.map_or(day, |billing| day_of(billing.value(row)));
        if billed.is_none() && charge.is_valid(row) {
            let line = work.block().position(row);
            work.notices.add(Kind::BillingMonthFromCharge, || format!("line {line}"));
        }
        if of != last.0 {
            last = (of, first_of_month(of));
        }
        months.push(last.1);
        dates.push(day);
    }
    let column = |days: Vec<i32>| Column::Values(Arc::new(Date32Array::from(days)) as ArrayRef);
    Ok([column(months), column(dates)])
}

/// The moments of a column, if the file has it.
fn moments<'a>(
    targets: &[Target],
    columns: &'a [Column],
    name: &str,
) -> Option<&'a TimestampMicrosecondArray> {
    let at = targets.iter().position(|target| target.name == name)?;
    let Column::Values(array) = &columns[at] else { return None };
    array.as_primitive_opt::<TimestampMicrosecondType>()
}

fn first_of_month(day: i32) -> i32 {
    date_of(day).map_or(day, |date| day_number(date.first_of_month()))
}

/// Months, days, currencies and their costs.
pub(super) fn report(batch: &RecordBatch) -> anyhow::Result<Report> {
    let mut report = Report { rows: batch.num_rows() as u64, ..Report::default() };
    for (month, rows) in months(batch)? {
        report.months.insert(month, rows);
    }
    let charges = dates(batch, "x_charge_date")?;
    let day = |day: Option<i32>| day.and_then(date_of);
    report.first_day = day(charges.values().iter().min().copied());
    report.last_day = day(charges.values().iter().max().copied());
    report.currencies = currencies(batch)?;
    Ok(report)
}

fn dates<'a>(batch: &'a RecordBatch, name: &str) -> anyhow::Result<&'a Date32Array> {
    let column = batch.column_by_name(name).with_context(|| format!("no column {name}"))?;
    column.as_primitive_opt::<Date32Type>().with_context(|| format!("{name} has no days"))
}

fn months(batch: &RecordBatch) -> anyhow::Result<BTreeMap<jiff::civil::Date, u64>> {
    let mut counts = BTreeMap::<i32, u64>::new();
    for month in dates(batch, "x_billing_month")?.values() {
        *counts.entry(*month).or_default() += 1;
    }
    Ok(counts.into_iter().filter_map(|(month, rows)| Some((date_of(month)?, rows))).collect())
}

fn currencies(batch: &RecordBatch) -> anyhow::Result<BTreeMap<String, Currency>> {
    let codes = batch.column_by_name("BillingCurrency").context("no BillingCurrency")?;
    let codes = codes.as_string_view();
    let costs = COSTS.map(|name| {
        let column = batch.column_by_name(name);
        (name, column.and_then(|column| column.as_primitive_opt::<Decimal128Type>()))
    });
    let mut found = BTreeMap::<String, Currency>::new();
    let mut from = 0;
    while from < codes.len() {
        let code = codes.value(from);
        let run = (from..codes.len()).take_while(|row| codes.value(*row) == code).count();
        let currency = found.entry(code.to_owned()).or_default();
        currency.rows += run as u64;
        for (name, column) in costs {
            let sum = currency.costs.entry(name).or_default();
            (from..from + run).for_each(|row| sum.add(cost(column, row)));
        }
        from += run;
    }
    Ok(found)
}

fn cost(column: Option<&Decimal128Array>, row: usize) -> Option<Decimal> {
    let column = column.filter(|column| column.is_valid(row))?;
    Decimal::from_scaled(column.value(row))
}
