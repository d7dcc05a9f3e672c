//! Batches on their way into the warehouse: counted, cut when asked, and looked at for the months
//! and days that they touch.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Context as _;
use arrow::{
    array::{Array as _, AsArray as _, BooleanArray, RecordBatch},
    compute::filter_record_batch,
    datatypes::{Date32Type, SchemaRef},
};
use jiff::{ToSpan as _, civil::Date};

use super::{Cut, Meter};
use crate::{
    fences::Spans,
    warehouse::{Batches, ScopePart},
};

/// The reading was cut, not broken.
#[derive(Debug, thiserror::Error)]
#[error("the reading was cut")]
pub struct WasCut;

/// Batches with an eye on them.
pub struct Watched {
    inner: Arc<dyn Batches>,
    meter: Arc<Meter>,
    cut: Cut,
    months: Option<BTreeSet<i32>>,
    parts: Vec<ScopePart>,
    touched: Mutex<Touched>,
}

/// Months and days that rows are of.
#[derive(Debug, Default, Clone)]
pub struct Touched {
    days: BTreeMap<i32, BTreeSet<i32>>,
    /// Rows of other months than those asked for.
    pub left_out: u64,
}

impl Watched {
    /// Watches `inner`; only rows of `months` pass, unless there are none.
    #[must_use]
    pub fn new(inner: Arc<dyn Batches>, meter: Arc<Meter>, cut: Cut, months: &[Date]) -> Self {
        let months = (!months.is_empty()).then(|| months.iter().map(|day| to_i32(*day)).collect());
        Self { inner, meter, cut, months, parts: Vec::new(), touched: Mutex::default() }
    }

    /// Lets only rows pass that are within one of these parts, too.
    #[must_use]
    pub fn within(self, parts: &[ScopePart]) -> Self {
        Self { parts: parts.to_vec(), ..self }
    }

    /// What passed, once the last batch has.
    #[must_use]
    pub fn touched(&self) -> Touched {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn takes(&self, month: i32, day: i32) -> bool {
        let asked = self.months.as_ref().is_none_or(|months| months.contains(&month));
        let (month, day) = (to_date(month), to_date(day));
        let within = |part: &ScopePart| {
            part.month.is_none_or(|it| it == month)
                && part.days.as_ref().is_none_or(|days| days.contains(&day))
        };
        asked && (self.parts.is_empty() || self.parts.iter().any(within))
    }

    /// The rows of the months and days asked for, and how many are of others.
    fn keep(&self, batch: RecordBatch) -> anyhow::Result<(RecordBatch, u64)> {
        if self.months.is_none() && self.parts.is_empty() {
            return Ok((batch, 0));
        }
        let (months, days) = (dates(&batch, "x_billing_month")?, dates(&batch, "x_charge_date")?);
        let rows = months.values().iter().zip(days.values());
        let keep: BooleanArray = rows.map(|(m, d)| Some(self.takes(*m, *d))).collect();
        let kept = filter_record_batch(&batch, &keep)?;
        let left_out = (batch.num_rows() - kept.num_rows()) as u64;
        Ok((kept, left_out))
    }
}

impl Batches for Watched {
    fn schema(&self) -> SchemaRef {
        self.inner.schema()
    }

    fn next(&self) -> anyhow::Result<Option<RecordBatch>> {
        if self.cut.reason().is_some() {
            return Err(WasCut.into());
        }
        let Some(batch) = self.inner.next()? else { return Ok(None) };
        let (batch, left_out) = self.keep(batch)?;
        let pairs = pairs(&batch)?;
        self.meter.add_rows(batch.num_rows() as u64);
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        touched.left_out += left_out;
        for (month, day) in pairs {
            touched.days.entry(month).or_default().insert(day);
        }
        Ok(Some(batch))
    }
}

impl Touched {
    /// Whether there is no row at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// Whole months.
    #[must_use]
    pub fn months(&self) -> Vec<ScopePart> {
        let part = |month: &i32| ScopePart { month: Some(to_date(*month)), days: None };
        self.days.keys().map(part).collect()
    }

    /// Each month with its days from the first to the last.
    #[must_use]
    pub fn spans(&self) -> Spans {
        let span = |(month, days): (&i32, &BTreeSet<i32>)| {
            let (first, last) = (days.first()?, days.last()?);
            Some((to_date(*month), to_date(*first)..to_date(last + 1)))
        };
        self.days.iter().filter_map(span).collect()
    }

    /// Each month with the days touched, neighbours joined.
    #[must_use]
    pub fn days(&self) -> Vec<ScopePart> {
        let mut parts: Vec<ScopePart> = Vec::new();
        for (month, days) in &self.days {
            let month = Some(to_date(*month));
            for day in days {
                let (first, end) = (to_date(*day), to_date(day + 1));
                match parts.last_mut() {
                    Some(ScopePart { month: m, days: Some(range) })
                        if *m == month && range.end == first =>
                    {
                        range.end = end;
                    }
                    _ => parts.push(ScopePart { month, days: Some(first..end) }),
                }
            }
        }
        parts
    }
}

/// The different (month, day) pairs of a batch.
fn pairs(batch: &RecordBatch) -> anyhow::Result<BTreeSet<(i32, i32)>> {
    let months = dates(batch, "x_billing_month")?.values();
    let days = dates(batch, "x_charge_date")?.values();
    let (mut pairs, mut last) = (BTreeSet::new(), None);
    for pair in months.iter().copied().zip(days.iter().copied()) {
        // Rows of a day mostly stand together.
        if last != Some(pair) {
            pairs.insert(pair);
            last = Some(pair);
        }
    }
    Ok(pairs)
}

fn dates<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> anyhow::Result<&'a arrow::array::PrimitiveArray<Date32Type>> {
    let column = batch.column_by_name(name).with_context(|| format!("no column {name}"))?;
    let dates = column.as_primitive_opt::<Date32Type>().context("not a column of days")?;
    anyhow::ensure!(dates.null_count() == 0, "column {name} has nulls");
    Ok(dates)
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The day so many days after 1970 began.
pub(super) fn to_date(days: i32) -> Date {
    EPOCH.saturating_add(days.days())
}

/// Days since 1970.
pub(super) fn to_i32(date: Date) -> i32 {
    (date - EPOCH).get_days()
}
