//! The `integrations` service.

fn main() {}
