//! All integration tests, in one binary.

#![expect(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

mod command;
mod decimal;
mod ledger;
mod org;
mod pipelines;
mod plans;
mod providers;
mod schemas;
mod vault;
mod warehouse;
