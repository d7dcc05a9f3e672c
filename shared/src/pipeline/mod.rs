//! Pipelines: a YAML file is read, compiled into a [`Plan`], and only a plan can run.

pub mod config;
pub mod engine;
pub mod plan;
pub mod processors;

pub use self::plan::{Plan, Plans};
