//! Runs whose documents are gone, from the ledgers: the store keeps a run for 90 days.

use arrow::array::RecordBatch;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Run, Runs, RunsFilter, past};
use crate::{
    Error, Result,
    costs::read,
    entities::Organization,
    ids,
    org::OrgSlug,
    pipeline::engine::ingestion_date,
    store::PageRequest,
    warehouse::{Dataset, Query, WarehouseError},
};

/// What the cursor of a page of the ledger begins with; the id of a run follows.
const LEDGER: &str = "ledger:";

const OF_ORG: &str = "\
from org_meta_pipeline_runs
filter start_time >= $first && start_time < $before
filter org_slug == $org
";
const NEWEST: &str = "group {run_id} (sort {-version, row_id} | take 1)
filter end_time <= $before
";
const COLUMNS: &str = "select {
  run_id, pipeline_id, source_id, trigger, status, start_time, taken_time, end_time, window_start,
  window_end, parent_run_id, retry_of, attempts, error_code, error_message, version, recorded_by
}
";

/// The steps of a run, as they ended last.
pub const PAST_STEPS: &str = "\
from org_meta_step_logs
filter start_time >= $first
filter org_slug == $org
filter run_id == $run
group {step_id} (sort {-version, row_id} | take 1)
sort {start_time, step_id}
select {
  step_id, processor, attempt, status, start_time, end_time, this.rows, bytes, rejected_rows,
  error_code, error_message
}
";

/// What was checked of a run.
pub const PAST_CHECKS: &str = "\
from org_meta_dq_results
filter ingestion_date == $day
filter org_slug == $org
filter run_id == $run
group {row_id} (sort {rule} | take 1)
sort {step_id, rule, about}
select {step_id, rule, about, passed, failed_rows, sample}
";

/// The query of a run.
#[must_use]
pub fn past_run_prql() -> String {
    format!("{OF_ORG}filter run_id == $run\n{NEWEST}{COLUMNS}")
}

/// The query of a page of runs.
#[must_use]
pub fn past_runs_prql(filter: &RunsFilter, after: bool, take: usize) -> String {
    let given = |given: bool, text: &'static str| if given { text } else { "" };
    [
        OF_ORG,
        given(after, "filter run_id < $after\n"),
        NEWEST,
        match filter.parent {
            Some(_) => "filter parent_run_id == $parent\n",
            None => "filter parent_run_id == null\n",
        },
        given(filter.status.is_some(), "filter status == $status\n"),
        given(filter.pipeline.is_some(), "filter pipeline_id == $pipeline\n"),
        COLUMNS,
        "sort {-run_id}\n",
        &format!("take {take}\n"),
    ]
    .concat()
}

impl Runs {
    /// A run of any age.
    ///
    /// # Errors
    ///
    /// 404 where the organization has none of this id.
    pub async fn look(&self, org: &OrgSlug, run_id: Uuid) -> Result<Run> {
        if let Some(held) = self.find(org, run_id).await? {
            return Ok(held.value);
        }
        let made = ids::made_at(run_id);
        let young = made.is_some_and(|made| made + Run::KEPT > self.clock.now());
        let past = if young { None } else { self.past(org, run_id, made).await? };
        past.ok_or_else(|| Error::NotFound(format!("there is no run `{run_id}`")))
    }

    /// Runs of any age, newest first, and where the next page begins. The last page that the store
    /// has says to go on with the ledger, where the organization is old enough to have such runs:
    /// nobody waits for the warehouse who does not ask for history.
    ///
    /// # Errors
    ///
    /// As the store and the warehouse.
    pub async fn list_all(
        &self,
        organization: &Organization,
        filter: &RunsFilter,
        page: PageRequest,
    ) -> Result<(Vec<Run>, Option<String>)> {
        let org = &organization.org_slug;
        if let Some(after) = page.after.as_deref().and_then(|after| after.strip_prefix(LEDGER)) {
            return self.list_past(org, filter, (after, page.limit)).await;
        }
        let (runs, next) = self.list(org, filter, page).await?;
        let older = organization.created_at + Run::KEPT <= self.clock.now();
        Ok((runs, next.or_else(|| older.then(|| LEDGER.to_owned()))))
    }

    async fn list_past(
        &self,
        org: &OrgSlug,
        filter: &RunsFilter,
        (after, limit): (&str, usize),
    ) -> Result<(Vec<Run>, Option<String>)> {
        let prql = past_runs_prql(filter, !after.is_empty(), limit + 1);
        let query = self.gone("past_runs", prql, org, Timestamp::UNIX_EPOCH);
        let given = [
            ("after", Some(after.to_owned()).filter(|after| !after.is_empty())),
            ("parent", filter.parent.map(|parent| parent.to_string())),
            ("status", filter.status.map(|status| status.as_str().to_owned())),
            ("pipeline", filter.pipeline.clone()),
        ];
        let query = given.into_iter().fold(query, |query, (name, value)| match value {
            Some(value) => query.with(name, value),
            None => query,
        });
        let answer = self.ask(&query).await?;
        let rows = read::rows(&answer);
        let mut runs = rows.map(|row| past::run(row, org)).collect::<anyhow::Result<Vec<_>>>()?;
        let more = runs.len() > limit;
        runs.truncate(limit);
        let next = runs.last().filter(|_| more).map(|last| format!("{LEDGER}{}", last.run_id));
        Ok((runs, next))
    }

    /// A run with its steps and checks, as the ledgers tell of it.
    async fn past(
        &self,
        org: &OrgSlug,
        run_id: Uuid,
        made: Option<Timestamp>,
    ) -> Result<Option<Run>> {
        // Its rows are not older than its id; clocks of processes may differ a little.
        let first = made.map_or(Timestamp::UNIX_EPOCH, |made| made - SignedDuration::from_hours(1));
        let id = run_id.to_string();
        let query = self.gone("past_run", past_run_prql(), org, first).with("run", id.as_str());
        let found = self.ask(&query).await?;
        let Some(row) = read::rows(&found).next() else { return Ok(None) };
        let mut run = past::run(row, org)?;
        let of_run =
            |name, prql| Query::new(name, prql).with("org", org.as_str()).with("run", &*id);
        let steps = self.ask(&of_run("past_steps", PAST_STEPS).with("first", first)).await?;
        run.steps = read::rows(&steps).map(past::step).collect::<anyhow::Result<_>>()?;
        let day = ingestion_date(made.unwrap_or(run.created_at));
        let checks = self.ask(&of_run("past_checks", PAST_CHECKS).with("day", day)).await?;
        run.checks = read::rows(&checks).map(past::check).collect::<anyhow::Result<_>>()?;
        Ok(Some(run))
    }

    /// A query over runs of an organization since `first` whose documents are gone by now.
    fn gone(&self, name: &'static str, prql: String, org: &OrgSlug, first: Timestamp) -> Query {
        let before = self.clock.now() - Run::KEPT;
        let query = Query::new(name, prql).with("org", org.as_str());
        query.with("first", first).with("before", before)
    }

    async fn ask(&self, query: &Query) -> Result<Vec<RecordBatch>> {
        match self.engine.warehouse.query(&Dataset::System, query).await {
            // Ledgers come with the bootstrap; before it there is no history.
            Err(WarehouseError::NoSuchDataset(_) | WarehouseError::NoSuchTable(_)) => {
                Ok(Vec::new())
            }
            answered => Ok(answered?.batches),
        }
    }
}
