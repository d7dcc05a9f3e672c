//! How far the data can be trusted: how fresh it is, what could not be used, which checks failed.

use bytes::Bytes;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Cost, Costs, DayRange, Filters, Reconciled, read,
    source::{DAILY_SUMS, FUNCTIONS, Question},
};
use crate::{
    Result,
    org::OrgSlug,
    warehouse::{Dataset, Query},
};

/// Rows that could not be used.
const REJECTED: &str = "rejected_rows";
/// What came of every check.
const CHECKS: &str = "org_meta_dq_results";
/// How many entries each list of runs has at most.
const MOST: usize = 100;

/// What is asked.
#[derive(Debug, Clone, Serialize)]
pub struct QualityAsked {
    /// The days of charges, and of the runs that brought or checked rows.
    pub range: DayRange,
}

/// How far the data can be trusted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Quality {
    /// The days of charges, and of the runs that brought or checked rows.
    pub range: DayRange,
    /// Every source that has rows in the range.
    pub sources: Vec<Freshness>,
    /// How many entries `rejected_runs`, `rejected_rows` and `failed_checks` have at most; of more,
    /// those of the latest runs are listed.
    #[schema(example = 100)]
    pub limit: usize,
    /// How many rows each run could not use, and for how many reasons; the latest run first.
    pub rejected_runs: Vec<RejectedRun>,
    /// Rows that could not be used, by run and reason; the latest run first, then the most frequent
    /// reason. `rejected_runs` says how many there are in all.
    pub rejected_rows: Vec<Rejections>,
    /// Checks that failed, the latest run first.
    pub failed_checks: Vec<FailedCheck>,
    /// Every billing month that the range is in: the provider's own total against ours.
    pub reconciliation: Vec<Reconciled>,
}

/// What there is of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct Freshness {
    /// The connection, as in `aws/default`.
    pub source: String,
    /// The first day with charges in the range.
    #[schema(value_type = Option<String>, format = Date)]
    pub first_charge_date: Option<Date>,
    /// The last day with charges in the range.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_charge_date: Option<Date>,
    /// When the latest run that brought rows was asked for.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_import_at: Option<Timestamp>,
    /// That run.
    pub last_run_id: Option<String>,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them lack each cost.
    pub rows_without: Lacking,
}

/// How many rows lack each cost.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lacking {
    /// `BilledCost`.
    pub billed: u64,
    /// `EffectiveCost`.
    pub effective: u64,
    /// `ListCost`.
    pub list: u64,
    /// `ContractedCost`.
    pub contracted: u64,
}

/// What a run could not use.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedRun {
    /// The connection.
    pub source: String,
    /// The run; its rows are at `…/runs/{run_id}/rejected-rows`.
    pub run_id: String,
    /// How many rows.
    pub rows: u64,
    /// For how many reasons; where `rejected_rows` has fewer of this run, its limit cut them off.
    pub reasons: u64,
}

/// Rows that could not be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rejections {
    /// The connection.
    pub source: String,
    /// The run; its rows are at `…/runs/{run_id}/rejected-rows`.
    pub run_id: String,
    /// Why.
    pub reason: String,
    /// How many.
    pub rows: u64,
}

/// A rule that rows did not keep.
#[derive(Debug, Serialize, ToSchema)]
pub struct FailedCheck {
    /// The pipeline.
    pub pipeline: String,
    /// The run.
    pub run_id: String,
    /// The rule.
    pub rule: String,
    /// The column or table that it is about.
    pub about: Option<String>,
    /// How many rows.
    pub failed_rows: u64,
    /// An example.
    pub sample: Option<String>,
}

impl Costs {
    /// Answers as JSON of a [`Quality`]. Never kept: checks change without the data.
    ///
    /// # Errors
    ///
    /// Fails where the warehouse does.
    pub async fn quality(&self, org: &OrgSlug, asked: &QualityAsked) -> Result<Bytes> {
        let own = Dataset::Org(org.clone());
        let [fresh, runs, rejected, failed] = queries(org, asked.range);
        let (sources, rejected_runs, rejected_rows, failed_checks, reconciliation) = tokio::try_join!(
            self.listed(&own, DAILY_SUMS, fresh, freshness),
            self.listed(&own, REJECTED, runs, rejected_run),
            self.listed(&own, REJECTED, rejected, rejections),
            self.listed(&Dataset::System, CHECKS, failed, failed_check),
            self.reconciled(org, asked.range),
        )?;
        let (range, limit) = (asked.range, MOST);
        let quality = Quality {
            range,
            sources,
            limit,
            rejected_runs,
            rejected_rows,
            failed_checks,
            reconciliation,
        };
        Ok(Bytes::from(serde_json::to_vec(&quality).map_err(anyhow::Error::from)?))
    }

    /// What a query finds; nothing where its table is not made yet.
    async fn listed<T>(
        &self,
        dataset: &Dataset,
        table: &str,
        query: Query,
        item: fn(read::Row<'_>) -> anyhow::Result<T>,
    ) -> Result<Vec<T>> {
        if !self.warehouse.describe(dataset).await?.contains_key(table) {
            return Ok(Vec::new());
        }
        let answer = self.warehouse.query(dataset, &query).await?;
        Ok(read::rows(&answer.batches).map(item).collect::<anyhow::Result<_>>()?)
    }
}

/// Asked together: three of the organization, the last of the system.
pub(super) fn queries(org: &OrgSlug, range: DayRange) -> [Query; 4] {
    [freshness_query(range), runs_query(range), rejected_query(range), checks_query(org, range)]
}

fn freshness_query(range: DayRange) -> Query {
    let lacking =
        Cost::ALL.map(|cost| format!("{} = whole (sum_known {})", cost.as_str(), cost.lacking()));
    let steps = format!(
        "group {{ x_source_id }} (aggregate {{
  first_day = min x_charge_date, last_day = max x_charge_date, last_run = max x_run_id,
  row_count = whole (sum_known x_rows), {lacking}
}})
sort {{ x_source_id }}
",
        lacking = lacking.join(", ")
    );
    let days = range.half_open();
    Question::over("costs_freshness", DAILY_SUMS, days, &Filters::default()).then(&steps).query
}

fn freshness(row: read::Row<'_>) -> anyhow::Result<Freshness> {
    let last_run_id = row.text("last_run")?;
    Ok(Freshness {
        source: row.text("x_source_id")?.unwrap_or_default(),
        first_charge_date: row.day("first_day")?,
        last_charge_date: row.day("last_day")?,
        last_import_at: last_run_id.as_deref().and_then(made_at),
        last_run_id,
        rows: row.count("row_count")?,
        rows_without: Lacking {
            billed: row.count("billed")?,
            effective: row.count("effective")?,
            list: row.count("list")?,
            contracted: row.count("contracted")?,
        },
    })
}

/// Ids of runs are UUIDv7: they say when they were made, and sort by it.
fn made_at(run_id: &str) -> Option<Timestamp> {
    let (seconds, nanos) = run_id.parse::<Uuid>().ok()?.get_timestamp()?.to_unix();
    Timestamp::new(seconds.try_into().ok()?, nanos.try_into().ok()?).ok()
}

fn runs_query(range: DayRange) -> Query {
    let steps = format!(
        "group {{ x_source_id, x_run_id }} (aggregate {{
  row_count = whole (count this), reasons = whole (count_distinct reason)
}})
sort {{ -x_run_id, x_source_id }}
take 1..{MOST}
"
    );
    within(Query::new("costs_rejected_runs", of_rejected(&steps)), range)
}

fn rejected_query(range: DayRange) -> Query {
    let steps = format!(
        "group {{ x_source_id, x_run_id, reason }} (aggregate {{ row_count = whole (count this) }})
sort {{ -x_run_id, x_source_id, -row_count, reason }}
take 1..{MOST}
"
    );
    within(Query::new("costs_rejected", of_rejected(&steps)), range)
}

fn of_rejected(steps: &str) -> String {
    format!(
        "{FUNCTIONS}from {REJECTED}
filter ingestion_date >= $start && ingestion_date < $end
{steps}"
    )
}

fn within(query: Query, range: DayRange) -> Query {
    query.with("start", range.start_date).with("end", range.end())
}

fn rejected_run(row: read::Row<'_>) -> anyhow::Result<RejectedRun> {
    Ok(RejectedRun {
        source: row.text("x_source_id")?.unwrap_or_default(),
        run_id: row.text("x_run_id")?.unwrap_or_default(),
        rows: row.count("row_count")?,
        reasons: row.count("reasons")?,
    })
}

fn rejections(row: read::Row<'_>) -> anyhow::Result<Rejections> {
    Ok(Rejections {
        source: row.text("x_source_id")?.unwrap_or_default(),
        run_id: row.text("x_run_id")?.unwrap_or_default(),
        reason: row.text("reason")?.unwrap_or_default(),
        rows: row.count("row_count")?,
    })
}

fn checks_query(org: &OrgSlug, range: DayRange) -> Query {
    let text = format!(
        "from {CHECKS}
filter org_slug == $org
filter ingestion_date >= $start && ingestion_date < $end
group {{ row_id }} (take 1)
filter passed == false
select {{ pipeline_id, run_id, rule, about, failed_rows, sample }}
sort {{ -run_id, rule }}
take 1..{MOST}
"
    );
    Query::new("costs_failed_checks", text)
        .with("org", org.as_str())
        .with("start", range.start_date)
        .with("end", range.end())
}

fn failed_check(row: read::Row<'_>) -> anyhow::Result<FailedCheck> {
    Ok(FailedCheck {
        pipeline: row.text("pipeline_id")?.unwrap_or_default(),
        run_id: row.text("run_id")?.unwrap_or_default(),
        rule: row.text("rule")?.unwrap_or_default(),
        about: row.text("about")?,
        failed_rows: row.count("failed_rows")?,
        sample: row.text("sample")?,
    })
}
