//! Pipelines: configs, plans, runs.

mod attempts;
mod config;
mod crashes;
mod gate;
mod request;
mod runs;
mod world;
