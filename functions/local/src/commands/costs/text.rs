//! Costs for people: totals per currency, then the table.

use std::collections::BTreeMap;

use convergence::decimal::Decimal;
use serde_json::Value;

use super::COSTS;
use crate::view::{Column, grouped, share_bar, table};

/// How wide the bar of a share is at most.
const BAR: usize = 12;

pub(super) fn text(answer: &Value) -> String {
    let breakdown = &answer["breakdown"];
    let range = &breakdown["range"];
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (start, end) = (word(&range["start_date"]), word(&range["end_date"]));
    let title = format!("Costs of {}, {start} to {end}, days in UTC", word(&answer["org_slug"]));
    if super::empty(answer) {
        return format!("\n  {title}\n\n  There are none.{}\n", elsewhere(answer));
    }
    format!(
        "\n  {}\n\n{}{}\n{}",
        console::style(title).bold(),
        totals(&answer["totals"]),
        lacking(&answer["totals"]),
        rows(breakdown, &answer["totals"]),
    )
}

/// Where there are costs, when there are none in the range.
fn elsewhere(answer: &Value) -> String {
    let sources = || answer["sources"].as_array().into_iter().flatten();
    let first = sources().filter_map(|source| source["first_charge_date"].as_str()).min();
    let last = sources().filter_map(|source| source["last_charge_date"].as_str()).max();
    match (first, last) {
        (Some(first), Some(last)) => format!(" try: convergence costs --from {first} --to {last}"),
        _ => " try: convergence ingest FILE".to_owned(),
    }
}

/// One row per currency, one column per cost.
fn totals(totals: &Value) -> String {
    let mut currencies: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for cost in COSTS {
        for total in totals[cost].as_array().into_iter().flatten() {
            let row = currencies.entry(total["currency"].as_str().unwrap_or_default());
            let row = row.or_insert_with(|| vec![count(&total["rows"])]);
            row.push(amount(&total["amount"]));
        }
    }
    let rows = currencies.into_iter().map(|(currency, mut row)| {
        row.insert(0, currency.to_owned());
        row
    });
    let columns = [
        Column::Text("currency"),
        Column::Count("rows"),
        Column::Amount("billed"),
        Column::Amount("effective"),
        Column::Amount("list"),
        Column::Amount("contracted"),
    ];
    table(&columns, rows.collect())
}

/// What the totals lack: unknown is not zero.
fn lacking(totals: &Value) -> String {
    let mut lines = Vec::new();
    for cost in COSTS {
        for total in totals[cost].as_array().into_iter().flatten() {
            if total["rows_without_cost"].as_u64().is_some_and(|rows| rows > 0) {
                let rows = count(&total["rows_without_cost"]);
                let currency = total["currency"].as_str().unwrap_or_default();
                lines.push(format!("  {currency}: {rows} rows have no {cost} cost\n"));
            }
        }
    }
    if lines.is_empty() { String::new() } else { format!("\n{}", lines.concat()) }
}

fn rows(breakdown: &Value, totals: &Value) -> String {
    let cost = breakdown["cost"].as_str().unwrap_or_default();
    let by: Vec<_> = breakdown["group_by"].as_array().into_iter().flatten().collect();
    let mut columns: Vec<_> =
        by.iter().map(|name| Column::Text(name.as_str().unwrap_or_default())).collect();
    columns.extend([Column::Text("currency"), Column::Amount(cost), Column::Count("rows")]);
    columns.push(Column::Text("share"));
    let items = breakdown["items"].as_array().into_iter().flatten();
    let rows = items.map(|item| {
        let group = |name: &&Value| {
            let text = item["group"][name.as_str().unwrap_or_default()].as_str();
            text.unwrap_or("—").to_owned()
        };
        let mut row: Vec<_> = by.iter().map(group).collect();
        row.push(item["currency"].as_str().unwrap_or_default().to_owned());
        row.extend([amount(&item["amount"]), count(&item["rows"]), share(item, &totals[cost])]);
        row
    });
    let more =
        if breakdown["next_cursor"].is_null() { "" } else { "\n  There are more: --limit\n" };
    format!("{}{more}", table(&columns, rows.collect()))
}

/// A bar for how much of its currency's total a row is.
fn share(item: &Value, totals: &Value) -> String {
    let scaled = |amount: &Value| Some(amount.as_str()?.parse::<Decimal>().ok()?.scaled());
    let mut totals = totals.as_array().into_iter().flatten();
    let total = totals.find(|total| total["currency"] == item["currency"]);
    let part = scaled(&item["amount"]).unwrap_or_default();
    let whole = total.and_then(|total| scaled(&total["amount"])).unwrap_or_default();
    let step = whole / 1000;
    if part <= 0 || step <= 0 {
        return String::new();
    }
    share_bar(usize::try_from(part / step).unwrap_or_default(), BAR)
}

fn amount(value: &Value) -> String {
    value.as_str().map_or_else(|| "unknown".to_owned(), grouped)
}

fn count(value: &Value) -> String {
    grouped(&value.as_u64().unwrap_or_default().to_string())
}
