//! All integration tests, in one binary.

mod command;
mod decimal;
mod org;
mod pipelines;
mod plans;
mod providers;
mod schemas;
mod vault;
mod warehouse;
