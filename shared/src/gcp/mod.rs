//! Google Cloud as a source of costs.

pub mod billing;
