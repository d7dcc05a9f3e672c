//! Everything the functions have in common.
//!
//! A function crate contains routes and handlers only. What those handlers need (the warehouse,
//! the store, the clock, the queue) lives here, behind traits, and reaches them as axum state.

pub mod audit;
pub mod auth;
pub mod claims;
pub mod clock;
pub mod configs;
pub mod connections;
pub mod costs;
pub mod dead_letters;
pub mod decimal;
pub mod entities;
pub mod error;
pub mod fences;
pub mod files;
pub mod focus;
pub mod gcp;
#[cfg(feature = "google")]
pub mod google;
pub mod http;
pub mod ids;
pub mod ingest;
pub mod leases;
pub mod ledger;
pub mod llm;
pub mod org;
pub mod pipeline;
pub mod plans;
pub mod pricing;
pub mod providers;
pub mod queue;
pub mod rates;
pub mod runs;
pub mod saas;
pub mod service;
pub mod settings;
pub mod setup;
pub mod state;
pub mod store;
pub mod sweep;
pub mod telemetry;
pub mod tenants;
#[cfg(feature = "testing")]
pub mod testing;
pub mod vault;
pub mod warehouse;

pub use self::error::{Error, Result};
