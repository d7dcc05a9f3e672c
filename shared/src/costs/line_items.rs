//! The rows themselves, in pages without gaps.
//!
//! FOCUS rows have no id, so the order is by day and then by every column: rows that are equal in
//! all of them are interchangeable. Only the days that a page shows are sorted.

use bytes::Bytes;
use jiff::{ToSpan as _, civil::Date};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    Columns, Cost, Costs, DayRange, Filters, PageAsked,
    cursor::Place,
    export::json,
    read,
    source::{Question, ROWS, SUMS},
};
use crate::{Result, org::OrgSlug};

/// What is asked.
#[derive(Debug, Clone, Serialize)]
pub struct LineItemsAsked {
    /// The days.
    pub range: DayRange,
    /// Which rows.
    pub filters: Filters,
}

/// A page of rows, the latest day first.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineItems {
    /// The days that rows are charged on.
    pub range: DayRange,
    /// How many rows there are in all.
    pub rows: u64,
    /// The rows of this page: FOCUS columns, amounts as text, the unknown as null.
    pub items: Vec<Map<String, Value>>,
    /// Ask with it as `cursor` for the next page; null at the end.
    pub next_cursor: Option<String>,
}

impl Costs {
    /// Answers as JSON of a [`LineItems`].
    ///
    /// # Errors
    ///
    /// 422 for a cursor that does not fit; fails where the warehouse does.
    pub async fn line_items(
        &self,
        org: &OrgSlug,
        asked: &LineItemsAsked,
        page: &PageAsked,
    ) -> Result<Bytes> {
        let version = self.version(org).await?;
        let place = Place::of(&("line_items", asked), &version)?;
        let offset = place.offset(page)?;
        let ask = async {
            let days = self.days(org, asked).await?;
            let rows = days.iter().map(|(_, rows)| rows).sum();
            let mut items = Vec::new();
            if let Some(part) = part(&days, offset, page.limit.into()) {
                let batches = self.ask(org, &question(asked, &part, self.columns())).await?;
                for batch in &batches {
                    json::objects(batch, self.columns(), &mut items)?;
                }
            }
            let next = offset + u64::from(page.limit);
            let next_cursor = (next < rows).then(|| place.cursor(next));
            Ok(LineItems { range: asked.range, rows, items, next_cursor })
        };
        self.kept(org, &version, &("line_items", asked, page), ask).await
    }

    /// How many rows each day has, the latest day first.
    async fn days(&self, org: &OrgSlug, asked: &LineItemsAsked) -> Result<Vec<(Date, u64)>> {
        let batches = self.ask(org, &days_question(asked)).await?;
        let mut days = Vec::new();
        for row in read::rows(&batches) {
            days.push((row.day("x_charge_date")?.unwrap_or_default(), row.count("row_count")?));
        }
        days.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
        Ok(days)
    }
}

/// The days a page is in, and which of their rows it has.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    first: Date,
    last: Date,
    skip: u64,
    take: u64,
}

/// Finds a page among days that are sorted, the latest first.
fn part(days: &[(Date, u64)], offset: u64, limit: u64) -> Option<Part> {
    let mut start = 0;
    let mut found: Option<Part> = None;
    for (day, rows) in days {
        let end = start + rows;
        if end > offset && start < offset + limit {
            let begin = || Part { first: *day, last: *day, skip: offset - start, take: limit };
            found.get_or_insert_with(begin).first = *day;
        }
        start = end;
    }
    found
}

/// What a page of the whole range asks: the days' counts, and the rows.
#[cfg(feature = "testing")]
pub(super) fn questions(asked: &LineItemsAsked, columns: &Columns) -> [Question; 2] {
    let DayRange { start_date: first, end_date: last, .. } = asked.range;
    let part = Part { first, last, skip: 0, take: 50 };
    [days_question(asked), question(asked, &part, columns)]
}

fn days_question(asked: &LineItemsAsked) -> Question {
    Question::new("costs_line_item_days", [], asked.range.half_open(), &asked.filters)
        .measure(Cost::Billed)
        .then(&format!("group {{ x_charge_date }} (aggregate {{ {SUMS} }})\n"))
}

fn question(asked: &LineItemsAsked, part: &Part, columns: &Columns) -> Question {
    let days = (part.first, part.last.saturating_add(1.day()));
    let names: Vec<&str> = columns.fields().iter().map(|field| field.name.as_str()).collect();
    let others: Vec<&str> = names.iter().copied().filter(|name| *name != "x_charge_date").collect();
    Question::over("costs_line_items", ROWS, days, &asked.filters).then(&format!(
        "select {{ {all} }}\nsort {{ -x_charge_date, {others} }}\ntake {first}..{last}\n",
        all = names.join(", "),
        others = others.join(", "),
        first = part.skip + 1,
        last = part.skip + part.take,
    ))
}
