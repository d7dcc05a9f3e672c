//! Where a question is asked: the daily sums where they have its columns, else the rows.

use jiff::civil::Date;

use super::{Cost, Filters, columns::in_daily};
use crate::warehouse::Query;

/// Functions of our own that both dialects have under one name.
pub(super) const FUNCTIONS: &str = "\
let begins = part column -> s\"STARTS_WITH({column:0}, {part:0})\"
let holds = part column -> s\"(STRPOS({column:0}, {part:0}) > 0)\"
let whole = number -> s\"CAST({number:0} AS BIGINT)\"
";

/// The view of all rows.
pub(super) const ROWS: &str = "costs";
/// The daily sums.
pub(super) const DAILY_SUMS: &str = "costs_daily";

/// The table that has all these columns, the smaller if both have.
pub(super) fn table<'a>(columns: impl IntoIterator<Item = &'a str>) -> &'static str {
    if columns.into_iter().all(in_daily) { DAILY_SUMS } else { ROWS }
}

/// Rows of a table that are charged from `start` up to `end` (not included), and meet the filters.
pub(super) fn rows(
    name: &'static str,
    table: &str,
    days: (Date, Date),
    filters: &Filters,
) -> Query {
    let text = format!(
        "{FUNCTIONS}from {table}\nfilter x_charge_date >= $start && x_charge_date < $end\n"
    );
    let query = Query::new(name, text).with("start", days.0).with("end", days.1);
    filters.apply(query)
}

/// Appends the columns `cost_known`, `cost_rows` and `cost_lacking`, to be added up.
pub(super) fn measure(mut query: Query, table: &str, cost: Cost) -> Query {
    let column = cost.column();
    let (rows, lacking) = if table == DAILY_SUMS {
        ("x_rows".to_owned(), cost.lacking().to_owned())
    } else {
        ("1".to_owned(), format!("case [{column} == null => 1, true => 0]"))
    };
    let text = format!(
        "derive {{ cost_known = {column}, cost_rows = {rows}, cost_lacking = {lacking} }}\n"
    );
    query.prql.push_str(&text);
    query
}

/// What adds them up, inside of `aggregate`.
pub(super) const SUMS: &str = "amount = sum_known cost_known, \
    row_count = whole (sum_known cost_rows), lacking_count = whole (sum_known cost_lacking)";

/// A query with more steps.
pub(super) fn then(mut query: Query, steps: &str) -> Query {
    query.prql.push_str(steps);
    query
}
