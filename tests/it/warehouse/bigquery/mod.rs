//! BigQuery: what it does beside what every warehouse does.

mod options;
mod place;
mod sql;
mod suite;
