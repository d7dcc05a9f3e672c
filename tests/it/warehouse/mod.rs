//! The warehouse: DuckDB, PRQL, metering.

mod duckdb;
