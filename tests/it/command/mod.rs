//! The `convergence` command, as a process.

mod cli;
mod server;
mod telling;
