//! Every statement that can be sent to BigQuery, judged by Google's own analyzer.

mod accepted;
mod built;
mod catalogue;
mod complete;
mod partitions;
mod refused;
mod statements;
