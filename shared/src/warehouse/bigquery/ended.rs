//! A job that ended well: what it cost, what it changed, where its answer is.

use std::time::Duration;

use google_cloud_bigquery_v2::model::{GetQueryResultsResponse, Job, TableReference};

use crate::warehouse::QueryStats;

/// A job that ended well.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) job: Box<Job>,
    /// The first rows of its answer, where they came with its end.
    pub(super) answer: Option<Box<GetQueryResultsResponse>>,
}

impl Ended {
    /// The job's id.
    pub(super) fn id(&self) -> &str {
        self.job.job_reference.as_ref().map_or("", |reference| &reference.job_id)
    }

    /// What it cost.
    pub(super) fn stats(&self, duration: Duration) -> QueryStats {
        let all = self.job.statistics.as_ref();
        let query = all.and_then(|all| all.query.as_ref());
        let billed = query.and_then(|query| query.total_bytes_billed);
        let slots = all.and_then(|all| all.total_slot_ms);
        let slots = slots.or_else(|| query.and_then(|query| query.total_slot_ms));
        QueryStats {
            job_id: self.id().to_owned(),
            bytes_billed: whole(billed),
            slot_millis: whole(slots),
            duration,
        }
    }

    /// Rows that were inserted and deleted, as far as it says.
    pub(super) fn changed(&self) -> (Option<u64>, u64) {
        let query = self.job.statistics.as_ref().and_then(|all| all.query.as_ref());
        let dml = query.and_then(|query| query.dml_stats.as_ref());
        let deleted = dml.and_then(|dml| dml.deleted_row_count);
        let affected = query.and_then(|query| query.num_dml_affected_rows);
        (deleted.map(|deleted| whole(Some(deleted))), whole(affected))
    }

    /// Where its answer is kept, for a day.
    pub(super) fn destination(&self) -> Option<&TableReference> {
        let configuration = self.job.configuration.as_ref()?;
        configuration.query.as_ref()?.destination_table.as_ref()
    }
}

fn whole(number: Option<i64>) -> u64 {
    number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default()
}
