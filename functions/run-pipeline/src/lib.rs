//! `run-pipeline`
