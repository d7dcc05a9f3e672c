//! The `convergence` command, as a process.

mod cli;
mod flows;
mod killed;
mod server;
mod telling;
