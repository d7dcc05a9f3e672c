//! The `convergence` command.

fn main() {}
