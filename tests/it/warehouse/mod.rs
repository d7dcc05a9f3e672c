//! The warehouse: DuckDB, PRQL, metering.

mod bigquery;
mod concurrency;
mod content;
mod decimals;
mod duckdb;
mod fixture;
mod meter;
mod prql;
pub(crate) mod shipped;
