//! A table of sums by any columns, sorted and paged.

use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Cost, Costs, DayRange, Filters, Group, PageAsked, Sum,
    cursor::Place,
    read,
    source::{Question, SUMS},
};
use crate::{Result, org::OrgSlug};

/// What is asked.
#[derive(Debug, Clone, Serialize)]
pub struct BreakdownAsked {
    /// The days.
    pub range: DayRange,
    /// Which cost.
    pub cost: Cost,
    /// Of which rows.
    pub filters: Filters,
    /// Columns that may be grouped by.
    pub group_by: Vec<String>,
    /// In which order.
    pub order: Order,
}

/// By what rows are sorted; ties are always broken by all columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// `cost`, `currency`, or one of the columns grouped by.
    pub by: String,
    /// Greatest first.
    pub descending: bool,
}

/// A page of the table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Breakdown {
    /// The days that are added up.
    pub range: DayRange,
    /// Which cost.
    pub cost: Cost,
    /// What the rows are grouped by, beside the currency.
    pub group_by: Vec<String>,
    /// The rows of this page.
    pub items: Vec<BreakdownRow>,
    /// Ask with it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// A row of the table: a group in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BreakdownRow {
    /// The values of the columns grouped by.
    pub group: Group,
    /// The currency.
    pub currency: String,
    /// The total.
    #[serde(flatten)]
    pub sum: Sum,
}

impl Costs {
    /// Answers as JSON of a [`Breakdown`].
    ///
    /// # Errors
    ///
    /// 422 for a cursor that does not fit; fails where the warehouse does.
    pub async fn breakdown(
        &self,
        org: &OrgSlug,
        asked: &BreakdownAsked,
        page: &PageAsked,
    ) -> Result<Bytes> {
        let version = self.version(org).await?;
        let place = Place::of(&("breakdown", asked), &version)?;
        let offset = place.offset(page)?;
        let ask = async {
            let batches = self.ask(org, &question(asked, offset, page.limit)).await?;
            let rows = read::rows(&batches).map(|row| item(row, asked));
            let mut items = rows.collect::<anyhow::Result<Vec<_>>>()?;
            let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
            let more = items.len() > limit;
            items.truncate(limit);
            let next_cursor = more.then(|| place.cursor(offset + u64::from(page.limit)));
            let (range, cost, group_by) = (asked.range, asked.cost, asked.group_by.clone());
            Ok(Breakdown { range, cost, group_by, items, next_cursor })
        };
        self.kept(org, &version, &("breakdown", asked, page), ask).await
    }
}

/// One row more than the page has, to know whether there is another page.
pub(super) fn question(asked: &BreakdownAsked, offset: u64, limit: u32) -> Question {
    let columns = || asked.group_by.iter().map(String::as_str);
    let keys = columns().chain(["BillingCurrency"]).collect::<Vec<_>>().join(", ");
    Question::new("costs_breakdown", columns(), asked.range.half_open(), &asked.filters)
        .measure(asked.cost)
        .then(&format!(
            "group {{ {keys} }} (aggregate {{ {SUMS} }})
derive {{ unknown = case [amount == null => 1, true => 0] }}
sort {{ {order}, {keys} }}
take {first}..{last}
",
            order = order(&asked.order),
            first = offset + 1,
            last = offset + u64::from(limit) + 1,
        ))
}

fn order(order: &Order) -> String {
    let sign = if order.descending { "-" } else { "" };
    match order.by.as_str() {
        "cost" => format!("unknown, {sign}amount"),
        "currency" => format!("{sign}BillingCurrency"),
        column => format!("{sign}{column}"),
    }
}

fn item(row: read::Row<'_>, asked: &BreakdownAsked) -> anyhow::Result<BreakdownRow> {
    let mut group = Group::new();
    for column in &asked.group_by {
        group.insert(column.clone(), row.text(column)?);
    }
    let currency = row.text("BillingCurrency")?.unwrap_or_default();
    Ok(BreakdownRow { group, currency, sum: row.sum()? })
}
