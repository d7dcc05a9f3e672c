//! The `onboard` service.

fn main() {}
