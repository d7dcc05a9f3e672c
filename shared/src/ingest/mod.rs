//! Files of rows, read into checked and typed Arrow batches: CSV, JSON lines and Parquet, plain or
//! gzipped.
//!
//! Reading goes in two stages. [`Blocks`] gives whole records and says where their fields stand: of
//! a text it cuts them out under a lock, of Parquet each thread decodes a row group of its own.
//! Typing and checking a block happens outside any lock, so as many threads work at once as pull
//! batches. The same stages serve every format and every warehouse.

mod block;
mod blocks;
mod csv;
mod focus;
mod input;
mod json;
mod jsonl;
mod names;
mod notices;
mod parquet;
mod refused;
mod rejects;
mod report;
mod table;
mod tally;
mod typed;
mod values;

pub use self::{
    block::{Block, Cell, Reshaped},
    blocks::{Blocks, Limits},
    focus::{FocusReader, Options},
    input::{from_reader, open as records},
    refused::Refused,
    rejects::{Reject, Rejects},
    report::{CostSum, Currency, Notice, Report},
    table::TableReader,
    values::timestamp,
};
