//! The `scheduler` service.

fn main() {}
