//! Questions about costs: what is asked, the queries that answer, and the answers.
//!
//! Sums never cross currencies, and always say how many rows lack the cost. Columns that a caller
//! names are looked up in [`Columns`]; everything else he gives is a parameter.

mod breakdown;
mod cache;
mod columns;
mod cost;
mod cursor;
pub mod export;
mod filter;
mod line_items;
mod quality;
mod range;
pub(crate) mod read;
mod reconcile;
mod reporting;
pub mod rollup;
mod service;
#[cfg(feature = "testing")]
mod shipped;
mod source;
mod sum;
mod summary;
mod timeseries;
pub mod view;

pub use self::{
    breakdown::{Breakdown, BreakdownAsked, BreakdownRow, Order},
    columns::{Columns, DAILY},
    cost::Cost,
    cursor::PageAsked,
    filter::{Filters, MOST_VALUES},
    line_items::{LineItems, LineItemsAsked},
    quality::{FailedCheck, Freshness, Quality, QualityAsked, Rejections},
    range::{DayRange, MOST_DAYS},
    reconcile::{Line, Reconciled, Reconciliation, hundredth},
    service::Costs,
    sum::Sum,
    summary::{Compared, Group, Summary, SummaryAsked, Total},
    timeseries::{Interval, Point, Series, Timeseries, TimeseriesAsked},
};

#[cfg(feature = "testing")]
pub use self::shipped::shipped;
