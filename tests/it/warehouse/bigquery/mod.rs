//! BigQuery: what it does beside what every warehouse does.

mod asked;
mod decimals;
mod faults;
mod killed;
mod options;
mod place;
mod shape;
mod spoil;
mod sql;
mod suite;
mod takeover;
mod whole;
