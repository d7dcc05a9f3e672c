//! 429 and 503 on every call to BigQuery in turn.

mod calls;
mod operation;
mod turns;
mod waiting;
