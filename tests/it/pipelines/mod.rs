//! Pipelines: configs, plans, runs.

mod acme;
mod attempts;
mod config;
mod crashes;
mod gate;
mod http;
mod request;
mod runs;
mod world;
