//! The `costs` service.

fn main() {}
