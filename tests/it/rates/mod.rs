//! Rates between currencies, and costs in an organization's own.

mod reporting;
mod table;
