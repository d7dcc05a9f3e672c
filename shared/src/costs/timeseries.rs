//! A cost over time: the greatest groups, and the rest of each currency together.

use std::{collections::BTreeMap, fmt::Write as _};

use bytes::Bytes;
use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Cost, Costs, DayRange, Filters, Group, Sum, read,
    source::{Question, SUMS},
};
use crate::{Result, org::OrgSlug};

/// How long a point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// A UTC day.
    #[default]
    Day,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Interval {
    /// The interval that a request names.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            _ => None,
        }
    }

    /// The first day of the interval that a day is in.
    #[must_use]
    pub fn start_of(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => day.saturating_sub(day.weekday().since(Weekday::Monday).days()),
            Self::Month => day.first_of_month(),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Serialize)]
pub struct TimeseriesAsked {
    /// The days.
    pub range: DayRange,
    /// Which cost.
    pub cost: Cost,
    /// Of which rows.
    pub filters: Filters,
    /// How long a point is.
    pub interval: Interval,
    /// None, one or two columns that may be grouped by.
    pub group_by: Vec<String>,
    /// How many groups of each currency are shown by themselves.
    pub top: u32,
}

/// A cost over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeseries {
    /// The days that are added up. The first and the last interval may be cut by them.
    pub range: DayRange,
    /// Which cost.
    pub cost: Cost,
    /// How long a point is.
    pub interval: Interval,
    /// What the series are grouped by.
    pub group_by: Vec<String>,
    /// The groups of each currency, greatest total first, and last the rest. Together they are
    /// all rows.
    pub series: Vec<Series>,
}

/// A group, or the rest, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Series {
    /// Which rows; empty for the rest.
    pub group: Group,
    /// Whether these are all groups that are not shown by themselves.
    pub is_rest: bool,
    /// The currency.
    pub currency: String,
    /// The total of all points.
    pub total: Sum,
    /// The intervals that have rows, in order.
    pub points: Vec<Point>,
}

/// An interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Point {
    /// The first day of the interval.
    #[schema(value_type = String, format = Date)]
    pub start_date: Date,
    /// The total.
    #[serde(flatten)]
    pub sum: Sum,
}

impl Costs {
    /// Answers as JSON of a [`Timeseries`].
    ///
    /// # Errors
    ///
    /// Fails where the warehouse does.
    pub async fn timeseries(&self, org: &OrgSlug, asked: &TimeseriesAsked) -> Result<Bytes> {
        let version = self.version(org).await?;
        let ask = async {
            let batches = self.ask(org, &question(asked)).await?;
            let mut folded = Folded::default();
            for row in read::rows(&batches) {
                folded.add(row, asked)?;
            }
            Ok(folded.timeseries(asked)?)
        };
        self.kept(org, &version, &("timeseries", asked), ask).await
    }
}

pub(super) fn question(asked: &TimeseriesAsked) -> Question {
    let columns = asked.group_by.iter().map(String::as_str);
    let steps =
        if asked.group_by.is_empty() { ungrouped() } else { ranked(&asked.group_by, asked.top) };
    Question::new("costs_timeseries", columns, asked.range.half_open(), &asked.filters)
        .measure(asked.cost)
        .then(&steps)
}

fn ungrouped() -> String {
    format!(
        "group {{ BillingCurrency, x_charge_date }} (aggregate {{ {SUMS} }})
select {{ place = 1, day = x_charge_date, currency = BillingCurrency, amount, row_count, lacking_count }}
"
    )
}

/// Ranks the groups of each currency by their totals, ties by their names, and adds up all that
/// are not among the `top`. Groups of unknown cost come last; unknown names are groups too.
fn ranked(columns: &[String], top: u32) -> String {
    let keys = format!("BillingCurrency, {}", columns.join(", "));
    let (mut shown, mut groups) = (String::new(), String::new());
    for (at, column) in columns.iter().enumerate() {
        let _ = write!(shown, ", group_{at} = case [place > 0 => {column}, true => null]");
        let _ = write!(groups, ", group_{at}");
    }
    format!(
        "group {{ x_charge_date, {keys} }} (aggregate {{ {SUMS} }})
group {{ {keys} }} (window rows:.. (
  derive {{ of_group = sum amount, unknown = min (case [amount == null => 1, true => 0]) }}
))
group {{ BillingCurrency }} (
  sort {{ unknown, -of_group, {names} }}
  derive {{ nth = rank_dense unknown }}
)
derive {{ place = case [nth <= {top} => nth, true => 0] }}
derive {{ day = x_charge_date, currency = BillingCurrency{shown},
  cost_known = amount, cost_rows = row_count, cost_lacking = lacking_count }}
group {{ place, day, currency{groups} }} (aggregate {{ {SUMS} }})
",
        names = columns.join(", "),
    )
}

/// Series by currency and place; place 0 is the rest.
#[derive(Default)]
struct Folded(BTreeMap<(String, u64), (Group, BTreeMap<Date, Sum>)>);

impl Folded {
    fn add(&mut self, row: read::Row<'_>, asked: &TimeseriesAsked) -> anyhow::Result<()> {
        let place = row.count("place")?;
        let key = (row.text("currency")?.unwrap_or_default(), place);
        let (group, points) = self.0.entry(key).or_default();
        if place > 0 {
            for (at, column) in asked.group_by.iter().enumerate() {
                group.insert(column.clone(), row.text(&format!("group_{at}"))?);
            }
        }
        let day = row.day("day")?.unwrap_or_default();
        points.entry(asked.interval.start_of(day)).or_default().add(row.sum()?)
    }

    fn timeseries(self, asked: &TimeseriesAsked) -> anyhow::Result<Timeseries> {
        let mut series = Vec::new();
        for ((currency, place), (group, points)) in self.0 {
            let mut total = Sum::default();
            for sum in points.values() {
                total.add(*sum)?;
            }
            let points = points.into_iter().map(|(start_date, sum)| Point { start_date, sum });
            let points = points.collect();
            series.push(Series { group, is_rest: place == 0, currency, total, points });
        }
        // Places are in order already, but for the rest.
        series.sort_by(|a, b| a.currency.cmp(&b.currency).then(a.is_rest.cmp(&b.is_rest)));
        let (range, cost, interval) = (asked.range, asked.cost, asked.interval);
        Ok(Timeseries { range, cost, interval, group_by: asked.group_by.clone(), series })
    }
}
