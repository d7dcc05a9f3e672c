//! The roll-up: rows of one source, added up by day and what dashboards group by.

use std::fmt::Write as _;

use super::{Cost, columns::DAILY};

/// The query that makes the rows of `costs_daily` from those of a table of FOCUS rows.
///
/// Parameters: `$source`; `$first_month` and `$last_month` (both included); `$first_day` and
/// `$end_day` (not included); `$run_id`. Unknown costs stay unknown: a sum over none is null, and
/// how many rows lack each cost is counted.
#[must_use]
pub fn prql(from: &str) -> String {
    let keys = format!("x_charge_date, {}", DAILY.join(", "));
    let (mut sums, mut names) = (String::new(), String::new());
    for cost in Cost::ALL {
        let (column, lacking) = (cost.column(), cost.lacking());
        let _ = write!(
            sums,
            "    sum_{column} = sum_known {column},\n    {lacking} = count_where ({column} == null),\n"
        );
        let _ = write!(names, ", {column} = sum_{column}, {lacking}");
    }
    format!(
        "from {from}
filter x_source_id == $source
filter x_billing_month >= $first_month && x_billing_month <= $last_month
filter x_charge_date >= $first_day && x_charge_date < $end_day
group {{ {keys} }} (
  aggregate {{
{sums}    x_rows = count this
  }}
)
select {{ {keys}{names}, x_rows, x_run_id = $run_id }}
"
    )
}
