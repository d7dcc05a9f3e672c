//! What the rules of `quality` ask: each text within the step's source and range.

use crate::pipeline::engine::WITHIN;

/// How many rows of `table` lack `column`.
#[must_use]
pub fn not_null_prql(table: &str, column: &str) -> String {
    format!("from {table}\n{WITHIN}filter {column} == null\naggregate {{ rows = count this }}\n")
}

/// How many rows `table` has.
#[must_use]
pub fn min_rows_prql(table: &str) -> String {
    format!("from {table}\n{WITHIN}aggregate {{ rows = count this }}\n")
}

/// The values of `column` but null, and how many rows have each.
#[must_use]
pub fn accepted_prql(table: &str, column: &str) -> String {
    format!(
        "from {table}\n{WITHIN}filter {column} != null\n\
         group {column} (aggregate {{ rows = count this }})\nsort {column}\n"
    )
}

/// The sum of each of `columns`, by month and by the column that has the currency, in any case.
#[must_use]
pub fn sums_prql(table: &str, currency: &str, columns: &[&str]) -> String {
    let sums: Vec<_> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| format!("s{at} = sum_known {column}"))
        .collect();
    format!(
        "from {table}\n{WITHIN}derive {{ x_currency = text.upper {currency} }}\n\
         group {{x_billing_month, x_currency}} (aggregate {{ {} }})\n",
        sums.join(", ")
    )
}
