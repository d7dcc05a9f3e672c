//! What can be typed after `convergence`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};
use jiff::civil::Date;

use crate::commands;

/// Everything an organization spends on cloud, SaaS and LLM APIs, exact to the last decimal.
///
/// Commands talk to the running server where there is one (`convergence serve`), and open the
/// files in ./data themselves where there is none.
#[derive(Debug, Parser)]
#[command(name = "convergence", version, propagate_version = true, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Global {
    /// Print JSON for programs instead of tables for people
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// The organization; by default the one last onboarded here
    #[arg(long, global = true, env = "CONVERGENCE_ORG", help_heading = "Global options")]
    pub(crate) org: Option<String>,
    /// The organization's API key; by default the one kept by `onboard` and `demo`
    #[arg(
        long,
        global = true,
        env = "CONVERGENCE_API_KEY",
        hide_env_values = true,
        help_heading = "Global options"
    )]
    pub(crate) api_key: Option<String>,
    /// The file of kept keys [default: ~/.config/convergence/credentials.toml]
    #[arg(long, global = true, env = "CONVERGENCE_CREDENTIALS", help_heading = "Global options")]
    pub(crate) credentials: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Working(Working),
    #[command(flatten)]
    Telling(Telling),
}

/// Commands that need the functions.
#[derive(Debug, Subcommand)]
pub(crate) enum Working {
    /// Serve every function, on ports 8000 and 8001, until Ctrl-C
    Serve(commands::serve::Serve),
    /// Show it all: a demo organization, real bills imported, costs in the terminal, then serve
    Demo(commands::demo::Demo),
    /// Make or complete the operator's dataset and its 15 tables
    Bootstrap(commands::bootstrap::Bootstrap),
    /// Make an organization, and keep its API key on this machine
    Onboard(commands::onboard::Onboard),
    /// Import a cost file in the FOCUS format (CSV, CSV.gz, JSONL, Parquet)
    Ingest(commands::ingest::Ingest),
    /// Run a pipeline and wait for its end
    Run(commands::run::Run),
    /// Show what was spent
    Costs(commands::costs::Costs),
}

/// Commands that say what this program was built with.
#[derive(Debug, Subcommand)]
pub(crate) enum Telling {
    /// Check every config and say every mistake
    Check(commands::check::Check),
    /// Print the OpenAPI document
    Openapi,
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// Days, both included.
#[derive(Debug, Default, Clone, Copy, ClapArgs)]
pub(crate) struct Days {
    /// The first day, as in 2026-01-31
    #[arg(long, value_name = "DAY", requires = "to")]
    pub(crate) from: Option<Date>,
    /// The last day
    #[arg(long, value_name = "DAY", requires = "from")]
    pub(crate) to: Option<Date>,
}

impl Days {
    /// As parameters that follow others in a URL.
    pub(crate) fn query(self) -> String {
        let days = [("start_date", self.from), ("end_date", self.to)];
        let given = days.into_iter().filter_map(|(name, day)| Some(format!("&{name}={}", day?)));
        given.collect()
    }
}
