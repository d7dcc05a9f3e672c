//! The total of a range against the range before, by provider and category.

use std::collections::BTreeMap;

use anyhow::Context as _;
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Cost, Costs, DayRange, Filters, Sum, read,
    reporting::{Months, Reporting},
    source::{Question, SUMS},
};
use crate::{Result, decimal::Decimal, org::OrgSlug, rates::Rates};

/// What is asked.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryAsked {
    /// The days.
    pub range: DayRange,
    /// Which cost.
    pub cost: Cost,
    /// Of which rows.
    pub filters: Filters,
    /// The organization's currency.
    pub currency: String,
}

/// The values of the columns that rows are grouped by; null is unknown.
pub type Group = BTreeMap<String, Option<String>>;

/// Totals of a range against the range before. Nothing is added up across currencies.
#[derive(Debug, Serialize, ToSchema)]
pub struct Summary {
    /// The days that are added up.
    pub range: DayRange,
    /// The days that they are compared with.
    pub previous_range: DayRange,
    /// Which cost.
    pub cost: Cost,
    /// The total in each currency.
    pub totals: Vec<Total>,
    /// The total of the range in the organization's currency.
    pub reporting: Reporting,
    /// The total of each provider in each currency, greatest first.
    pub by_provider: Vec<Compared>,
    /// The total of each service category in each currency, greatest first.
    pub by_category: Vec<Compared>,
}

/// A total of both ranges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Total {
    /// ISO 4217, or the name of a virtual currency.
    pub currency: String,
    /// The range.
    #[serde(flatten)]
    pub sum: Sum,
    /// The range before.
    pub previous: Sum,
    /// How much more it is than before; null where either is unknown.
    #[schema(value_type = Option<String>)]
    pub change: Option<Decimal>,
}

/// A total of both ranges for a group of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compared {
    /// Which rows.
    pub group: Group,
    /// Their total.
    #[serde(flatten)]
    pub total: Total,
}

const GROUPED: [&str; 2] = ["ServiceProviderName", "ServiceCategory"];

impl Costs {
    /// Answers as JSON of a [`Summary`].
    ///
    /// # Errors
    ///
    /// Fails where the warehouse does.
    pub async fn summary(&self, org: &OrgSlug, asked: &SummaryAsked) -> Result<Bytes> {
        let version = self.version(org).await?;
        let ask = async {
            let batches = self.ask(org, &question(asked)).await?;
            let mut folded = Folded::default();
            for row in read::rows(&batches) {
                folded.add(row)?;
            }
            folded.summary(asked, self.rates.get()?)
        };
        self.kept(org, &version, &("summary", asked), ask).await
    }
}

pub(super) fn question(asked: &SummaryAsked) -> Question {
    let days = (asked.range.before().start_date, asked.range.end());
    let mut question = Question::new("costs_summary", [], days, &asked.filters).measure(asked.cost);
    question.query = question.query.with("middle", asked.range.start_date);
    question.then(&format!(
        "derive {{ is_now = case [x_charge_date >= $middle => 1, true => 0] }}
group {{ BillingCurrency, x_billing_month, {keys}, is_now }} (aggregate {{ {SUMS} }})
derive {{ now_flag = whole is_now }}
",
        keys = GROUPED.join(", "),
    ))
}

/// Sums of the range and of the range before, by what they are of.
type Pairs<K> = BTreeMap<K, [Sum; 2]>;

#[derive(Default)]
struct Folded {
    totals: Pairs<String>,
    groups: [Pairs<(String, Option<String>)>; 2],
    months: Months,
}

impl Folded {
    fn add(&mut self, row: read::Row<'_>) -> anyhow::Result<()> {
        let currency = row.text("BillingCurrency")?.unwrap_or_default();
        let at = usize::from(row.count("now_flag")? == 0);
        let sum = row.sum()?;
        self.totals.entry(currency.clone()).or_default()[at].add(sum)?;
        if at == 0 {
            let month = row.day("x_billing_month")?.context("a row without a billing month")?;
            self.months.add(&currency, month, sum)?;
        }
        for (groups, column) in self.groups.iter_mut().zip(GROUPED) {
            let key = (currency.clone(), row.text(column)?);
            groups.entry(key).or_default()[at].add(sum)?;
        }
        Ok(())
    }

    fn summary(self, asked: &SummaryAsked, rates: &Rates) -> Result<Summary> {
        let reporting = self.months.in_currency(&asked.currency, rates)?;
        let [providers, categories] = self.groups;
        let totals = self.totals.into_iter().map(|(currency, sums)| total(currency, sums));
        Ok(Summary {
            range: asked.range,
            previous_range: asked.range.before(),
            cost: asked.cost,
            totals: totals.collect(),
            reporting,
            by_provider: compared(GROUPED[0], providers),
            by_category: compared(GROUPED[1], categories),
        })
    }
}

fn total(currency: String, [sum, previous]: [Sum; 2]) -> Total {
    let change = match (sum.amount, previous.amount) {
        (Some(now), Some(then)) => now.checked_sub(then),
        _ => None,
    };
    Total { currency, sum, previous, change }
}

fn compared(column: &str, groups: Pairs<(String, Option<String>)>) -> Vec<Compared> {
    let one = |((currency, value), sums)| {
        let group = Group::from([(column.to_owned(), value)]);
        Compared { group, total: total(currency, sums) }
    };
    let mut all = groups.into_iter().map(one).collect::<Vec<_>>();
    // The sort is stable: equal amounts stay in the order of their names.
    all.sort_by(|a, b| {
        let amount = |it: &Compared| std::cmp::Reverse(it.total.sum.amount);
        a.total.currency.cmp(&b.total.currency).then(amount(a).cmp(&amount(b)))
    });
    all
}
