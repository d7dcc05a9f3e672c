//! Pipelines: configs, plans, runs.

mod config;
