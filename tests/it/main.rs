//! All integration tests, in one binary.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "what fails in a test's helper fails the test"
)]

mod auth;
mod bootstrap;
mod captured;
mod claims;
mod command;
mod costs;
mod decimal;
mod docs;
mod emulators;
mod endpoints;
mod faults;
mod fences;
mod files;
mod gate;
mod gcp;
mod infra;
mod ingest;
mod integrations;
mod ledger;
mod live;
mod llm;
mod onboard;
mod org;
mod pipelines;
mod plans;
mod pricing;
mod providers;
mod queue;
mod rates;
mod saas;
mod schemas;
mod service;
mod settings;
mod sql;
mod store;
mod vault;
mod warehouse;

/// Whether tests that compare a committed page with the code write it anew: `UPDATE_DOCS=1`.
fn update_docs() -> bool {
    convergence::settings::environment().contains_key("UPDATE_DOCS")
}
