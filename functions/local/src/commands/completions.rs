//! `convergence completions SHELL`

use clap::CommandFactory as _;

use crate::{args::Args, failure::Result, view};

/// Prints the completions of a shell.
pub(crate) fn run(shell: clap_complete::Shell) -> Result {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "convergence", &mut text);
    view::print(&String::from_utf8_lossy(&text))
}
