//! All integration tests, in one binary.

mod decimal;
mod org;
mod providers;
mod pipelines;
