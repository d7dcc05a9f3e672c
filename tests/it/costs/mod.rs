//! Questions about costs, over HTTP and over rows that no pipeline had to bring.

#![expect(clippy::unwrap_used, reason = "what a test needs and cannot have ends it")]

mod access;
mod breakdown;
mod cache;
mod export;
mod filters;
mod line_items;
mod official;
mod pruned;
mod quality;
mod queries;
mod range;
mod reconcile;
mod refusals;
pub(crate) mod rows;
mod sample;
mod summary;
mod timeseries;
pub(crate) mod world;
