//! The `run-pipeline` service.

fn main() {}
