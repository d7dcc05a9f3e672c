//! One query of each kind, so that tests see what every warehouse is asked.

use jiff::civil::date;

use super::{
    BreakdownAsked, Columns, Cost, DayRange, Filters, Interval, LineItemsAsked, Order,
    Reconciliation, SummaryAsked, TimeseriesAsked, breakdown, export, line_items, quality,
    reconcile, summary, timeseries,
};
use crate::{focus::Version, org::OrgSlug, warehouse::Query};

/// A query of each kind, over small and over all columns.
///
/// # Errors
///
/// Fails where the questions themselves are wrong.
pub fn shipped(columns: &Columns, org: &OrgSlug) -> Result<Vec<Query>, String> {
    let range = DayRange::new(date(2026, 4, 1), date(2026, 4, 30))?;
    let (cost, none) = (Cost::List, Filters::default());
    let mut filters = Filters::default();
    for (key, value) in [("SkuId", "a"), ("SkuId", ""), ("RegionId!", "b"), ("SkuId^", "c")] {
        filters.add(key, value, columns)?;
    }
    filters.add("ServiceName~", "d", columns)?;
    let by = |column: &str| vec![column.to_owned()];
    let order = Order { by: "cost".to_owned(), descending: true };
    let series = |group_by, filters: &Filters| TimeseriesAsked {
        range,
        cost,
        filters: filters.clone(),
        interval: Interval::Day,
        group_by,
        top: 10,
    };
    let table = BreakdownAsked { range, cost, filters: none.clone(), group_by: by("SkuId"), order };
    let rows = LineItemsAsked { range, filters: none.clone() };
    let mut queries = vec![
        summary::question(&SummaryAsked {
            range,
            cost,
            filters: none.clone(),
            currency: "USD".to_owned(),
        })
        .query,
        summary::question(&SummaryAsked {
            range,
            cost,
            filters: filters.clone(),
            currency: "USD".to_owned(),
        })
        .query,
        timeseries::question(&series(Vec::new(), &none)).query,
        timeseries::question(&series(by("ServiceName"), &none)).query,
        breakdown::question(&table, 100, 50).query,
        export::question(range, &none, &export::select(columns, Some(Version::V1_0))).query,
    ];
    queries.extend(line_items::questions(&rows, columns).map(|question| question.query));
    queries.extend(quality::queries(org, range));
    queries.extend(reconciled(range));
    Ok(queries)
}

/// What is asked of both sides of a reconciliation.
fn reconciled(range: DayRange) -> [Query; 5] {
    let named = |name: &str| name.to_owned();
    let it = Reconciliation {
        table: named("focus_gcp"),
        raw: named("gcp_billing_raw"),
        amounts: vec![named("cost"), named("credits_amount")],
        currency: named("currency"),
        cents: false,
        by: vec![(named("sku_id"), named("SkuId"))],
        tolerance: crate::decimal::Decimal::ZERO,
    };
    let (months, days) = (reconcile::Months::of(range), range.start_date..range.end());
    let period = ("gcp/default", range.start_date, "USD");
    [
        reconcile::daily_query(months, &days),
        reconcile::sums_query(&it.raw_side(), months, &days),
        reconcile::sums_query(&it.our_side(), months, &days),
        reconcile::lines_query(&it.raw_side(), period, &days),
        reconcile::lines_query(&it.our_side(), period, &days),
    ]
}
