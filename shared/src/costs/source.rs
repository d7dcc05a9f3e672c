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

/// A query, and where it is asked.
pub(super) struct Question {
    pub(super) table: &'static str,
    pub(super) query: Query,
}

impl Question {
    /// About days (the end not included), asked where these columns and those of the filters are.
    pub(super) fn new<'a>(
        name: &'static str,
        columns: impl IntoIterator<Item = &'a str>,
        days: (Date, Date),
        filters: &'a Filters,
    ) -> Self {
        let small = columns.into_iter().chain(filters.columns()).all(in_daily);
        Self::over(name, if small { DAILY_SUMS } else { ROWS }, days, filters)
    }

    /// About days (the end not included), asked of this table.
    pub(super) fn over(
        name: &'static str,
        table: &'static str,
        days: (Date, Date),
        filters: &Filters,
    ) -> Self {
        let text = format!(
            "{FUNCTIONS}from {table}\nfilter x_charge_date >= $start && x_charge_date < $end\n"
        );
        let query = Query::new(name, text).with("start", days.0).with("end", days.1);
        Self { table, query: filters.apply(query) }
    }

    /// With the columns `cost_known`, `cost_rows` and `cost_lacking`, to be added up.
    pub(super) fn measure(self, cost: Cost) -> Self {
        let column = cost.column();
        let (rows, lacking) = if self.table == DAILY_SUMS {
            ("x_rows".to_owned(), cost.lacking().to_owned())
        } else {
            ("1".to_owned(), format!("case [{column} == null => 1, true => 0]"))
        };
        self.then(&format!(
            "derive {{ cost_known = {column}, cost_rows = {rows}, cost_lacking = {lacking} }}\n"
        ))
    }

    /// With more steps.
    pub(super) fn then(mut self, steps: &str) -> Self {
        self.query.prql.push_str(steps);
        self
    }
}

/// What adds them up, inside of `aggregate`.
pub(super) const SUMS: &str = "amount = sum_known cost_known, \
    row_count = whole (sum_known cost_rows), lacking_count = whole (sum_known cost_lacking)";
