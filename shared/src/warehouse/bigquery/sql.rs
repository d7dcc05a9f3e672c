//! Every statement that this backend sends, beside the queries that PRQL makes.
//!
//! Names are quoted, values are parameters; nothing else makes SQL for BigQuery.

use std::{collections::BTreeMap, time::Duration};

pub use super::names::Table;
use jiff::civil::{Date, date};

use super::names::{list, quote};
use crate::warehouse::{ParamValue, Scope, ScopePart, ViewSchema, WarehouseError};

/// A statement with the values of its `@name`s.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// The values.
    pub params: BTreeMap<String, ParamValue>,
}

/// The first day that BigQuery has.
const FIRST_DAY: Date = date(1, 1, 1);

/// Nothing, at no cost: what a job's id is taken with so that nobody else can use it any more.
pub const NOTHING: &str = "SELECT 1";

/// Deletes the rows of a scope and adds all staged ones: both or neither, and the same again changes
/// nothing. A scope of no part deletes nothing.
///
/// The days that a scope gives for each of its parts are conditions on the partition column, so that
/// only the partitions of these days are read and rewritten. A part without days may have rows of
/// any: its condition names them all, for a table may require one.
///
/// # Errors
///
/// [`WarehouseError::Incompatible`] where a part says neither a month nor days.
pub fn replace(
    target: &Table,
    staged: &Table,
    columns: &[&str],
    scope: &Scope,
) -> Result<Statement, WarehouseError> {
    let mut params = BTreeMap::new();
    let (into, from) = (target.sql(), staged.sql());
    let names = list(columns.iter().copied());
    let Some(condition) = within(scope, &mut params)? else {
        let sql = format!("INSERT INTO {into} ({names}) SELECT {names} FROM {from}");
        return Ok(Statement { sql, params });
    };
    let values: Vec<String> = columns.iter().map(|name| format!("s.{}", quote(name))).collect();
    let sql = format!(
        "MERGE {into} AS t USING {from} AS s ON FALSE \
         WHEN NOT MATCHED BY SOURCE AND {condition} THEN DELETE \
         WHEN NOT MATCHED THEN INSERT ({names}) VALUES ({})",
        values.join(", ")
    );
    Ok(Statement { sql, params })
}

/// Which rows of `t` are of a scope; `None` where none can be.
fn within(
    scope: &Scope,
    params: &mut BTreeMap<String, ParamValue>,
) -> Result<Option<String>, WarehouseError> {
    if scope.parts.is_empty() {
        return Ok(None);
    }
    params.insert("source".to_owned(), scope.source.as_str().into());
    let parts = scope.parts.iter().enumerate().map(|(at, part)| within_part(at, part, params));
    let parts = parts.collect::<Result<Vec<_>, _>>()?.join(" OR ");
    let days = hull(scope, params);
    Ok(Some(format!("{days} AND t.`x_source_id` = @source AND ({parts})")))
}

fn within_part(
    at: usize,
    part: &ScopePart,
    params: &mut BTreeMap<String, ParamValue>,
) -> Result<String, WarehouseError> {
    let mut conditions = Vec::new();
    if let Some(days) = &part.days {
        conditions
            .push(format!("t.`x_charge_date` >= @from_{at} AND t.`x_charge_date` < @to_{at}"));
        params.insert(format!("from_{at}"), days.start.into());
        params.insert(format!("to_{at}"), days.end.into());
    }
    if let Some(month) = part.month {
        conditions.push(format!("t.`x_billing_month` = @month_{at}"));
        params.insert(format!("month_{at}"), month.into());
    }
    if conditions.is_empty() {
        let what = "a part of a scope needs a month or days".to_owned();
        return Err(WarehouseError::Incompatible(what));
    }
    Ok(format!("({})", conditions.join(" AND ")))
}

/// The days from the first to the last that any part says; all that there are, where one says none.
fn hull(scope: &Scope, params: &mut BTreeMap<String, ParamValue>) -> &'static str {
    let days = || scope.parts.iter().map(|part| part.days.as_ref());
    let from = days().map(|days| days.map_or(FIRST_DAY, |days| days.start)).min();
    params.insert("from".to_owned(), from.unwrap_or(FIRST_DAY).into());
    let ends: Option<Vec<_>> = days().map(|days| days.map(|days| days.end)).collect();
    match ends.and_then(|ends| ends.into_iter().max()) {
        None => "t.`x_charge_date` >= @from",
        Some(to) => {
            params.insert("to".to_owned(), to.into());
            "t.`x_charge_date` >= @from AND t.`x_charge_date` < @to"
        }
    }
}

/// Keeps what a query returns in a table that expires by itself.
#[must_use]
pub fn keep(table: &Table, query: &str, lifetime: Duration) -> String {
    let seconds = lifetime.as_secs();
    format!(
        "CREATE TABLE {} OPTIONS (expiration_timestamp = \
         TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL {seconds} SECOND)) AS {query}",
        table.sql()
    )
}

/// Makes a view, or makes it again.
#[must_use]
pub fn view(named: &Table, view: &ViewSchema) -> String {
    let columns = list(view.columns.iter().map(String::as_str));
    let select =
        |table: &String| format!("SELECT {columns} FROM {}", named.sibling(table.clone()).sql());
    let all: Vec<String> = view.tables.iter().map(select).collect();
    format!("CREATE OR REPLACE VIEW {} AS {}", named.sql(), all.join(" UNION ALL "))
}
