//! What people see: short lines about what is going on (on stderr) and tables (on stdout).

mod amount;
mod progress;
mod table;

use std::io::{self, Write as _};

use console::style;
use serde_json::Value;

pub(crate) use self::{
    amount::{grouped, share_bar},
    progress::Progress,
    table::{Column, table, wrapped},
};
use crate::failure::{Failure, Result};

/// Where the results of a command go: as JSON for programs, as text for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    json: bool,
}

impl Screen {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result: the value as it is for programs, `text` of it for people.
    pub(crate) fn result(self, value: &Value, text: impl FnOnce(&Value) -> String) -> Result {
        let shown = if self.json {
            serde_json::to_string_pretty(value).map_err(anyhow::Error::from)?
        } else {
            text(value)
        };
        print(&shown)
    }

    /// Whether a program reads the results.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Says that something was done; silent for programs.
    pub(crate) fn done(self, what: &str, detail: &str) {
        if !self.json {
            say(&done_line(what, detail));
        }
    }

    /// Says something in passing; silent for programs.
    pub(crate) fn note(self, text: &str) {
        if !self.json {
            say(&format!("  {text}"));
        }
    }

    /// A bar for long work; invisible for programs and where no person looks.
    pub(crate) fn progress(self, what: &str) -> Progress {
        Progress::new(what, self.json)
    }
}

/// Asks the person a question; anything but yes is no.
pub(crate) fn ask(question: &str) -> bool {
    say_without_end(&format!("  {question} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// Prints a text to stdout; a reader that went away early is no failure.
pub(crate) fn print(text: &str) -> Result {
    match writeln!(io::stdout().lock(), "{}", text.trim_end_matches('\n')) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Other(anyhow::Error::new(error).context("cannot write to stdout")))
        }
        _ => Ok(()),
    }
}

/// Says on stderr why a command failed: lines for people, one object for programs.
pub(crate) fn failure(failure: &Failure, json: bool) {
    if json {
        return say(&failure.json().to_string());
    }
    let lines = failure.lines();
    let (first, rest) = lines.split_first().map_or(("", &[][..]), |(a, b)| (a.as_str(), b));
    say(&format!("{} {first}", style("error:").for_stderr().red().bold()));
    for line in rest {
        say(&format!("       {}", style(line).for_stderr().dim()));
    }
}

/// The line that says that something was done.
fn done_line(what: &str, detail: &str) -> String {
    let tick = style("✓").for_stderr().green().bold();
    format!("  {tick} {} {}", style(format!("{what:<24}")).for_stderr().bold(), detail)
}

/// Stderr that cannot be written has nobody who reads it.
fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn say_without_end(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}
