//! Counts by who asked what, and the rows they become.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use anyhow::Context as _;
use arrow::array::{
    ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use jiff::Timestamp;

use crate::{
    ids::Ids,
    warehouse::{Dataset, Query, QueryStats, WarehouseError},
};

/// Who asked what, on which day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    org: Option<String>,
    /// Days since 1970.
    day: i32,
    pipeline: Option<String>,
    run: Option<String>,
    query: &'static str,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    jobs: i64,
    bytes_billed: i64,
    slot_millis: i64,
    duration_millis: i64,
}

/// What was asked since the last time.
#[derive(Debug, Default)]
pub(super) struct Usage(BTreeMap<Asked, Cost>);

impl Asked {
    pub(super) fn new(dataset: &Dataset, query: &Query, now: Timestamp) -> Self {
        let org = match dataset {
            Dataset::System => None,
            Dataset::Org(slug) => Some(slug.key()),
        };
        let day = now.as_second().div_euclid(86_400);
        Self {
            org,
            day: i32::try_from(day).unwrap_or_default(),
            pipeline: query.labels.pipeline.clone(),
            run: query.labels.run.map(|run| run.to_string()),
            query: query.name,
        }
    }
}

impl Cost {
    fn of(stats: &QueryStats) -> Self {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            jobs: 1,
            bytes_billed: whole(stats.bytes_billed),
            slot_millis: whole(stats.slot_millis),
            duration_millis: i64::try_from(stats.duration.as_millis()).unwrap_or(i64::MAX),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            jobs: self.jobs.saturating_add(other.jobs),
            bytes_billed: self.bytes_billed.saturating_add(other.bytes_billed),
            slot_millis: self.slot_millis.saturating_add(other.slot_millis),
            duration_millis: self.duration_millis.saturating_add(other.duration_millis),
        }
    }
}

impl Usage {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts one query, unless that would make more than `most` kinds.
    pub(super) fn add(&mut self, asked: Asked, stats: &QueryStats, most: usize) {
        self.count(asked, Cost::of(stats), most);
    }

    /// Counts again what could not be written.
    pub(super) fn merge(&mut self, other: Self, most: usize) {
        for (asked, cost) in other.0 {
            self.count(asked, cost, most);
        }
    }

    fn count(&mut self, asked: Asked, cost: Cost, most: usize) {
        let full = self.len() >= most;
        match self.0.entry(asked) {
            Entry::Occupied(mut entry) => *entry.get_mut() = entry.get().plus(cost),
            Entry::Vacant(entry) if !full => drop(entry.insert(cost)),
            Entry::Vacant(_) => {}
        }
    }

    /// One row for each kind.
    pub(super) fn rows(
        &self,
        now: Timestamp,
        ids: &dyn Ids,
    ) -> Result<RecordBatch, WarehouseError> {
        let asked = || self.0.keys();
        let number = |of: fn(&Cost) -> i64| -> ArrayRef {
            Arc::new(self.0.values().map(|cost| Some(of(cost))).collect::<Int64Array>())
        };
        let text = |of: fn(&Asked) -> Option<&str>| -> ArrayRef {
            Arc::new(asked().map(of).collect::<StringArray>())
        };
        let row_ids = asked().map(|_| Some(ids.new_id().to_string())).collect::<StringArray>();
        let moments = TimestampMicrosecondArray::from(vec![now.as_microsecond(); self.len()]);
        let columns: [(&str, ArrayRef); 11] = [
            ("row_id", Arc::new(row_ids)),
            ("org_slug", text(|asked| asked.org.as_deref())),
            ("usage_date", Arc::new(asked().map(|asked| Some(asked.day)).collect::<Date32Array>())),
            ("pipeline_id", text(|asked| asked.pipeline.as_deref())),
            ("run_id", text(|asked| asked.run.as_deref())),
            ("query_name", text(|asked| Some(asked.query))),
            ("jobs", number(|cost| cost.jobs)),
            ("bytes_billed", number(|cost| cost.bytes_billed)),
            ("slot_millis", number(|cost| cost.slot_millis)),
            ("duration_millis", number(|cost| cost.duration_millis)),
            ("recorded_at", Arc::new(moments.with_timezone("UTC"))),
        ];
        Ok(RecordBatch::try_from_iter(columns).context("rows of the meter")?)
    }
}
