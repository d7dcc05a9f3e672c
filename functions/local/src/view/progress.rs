//! A bar for work that takes a while.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{done_line, say};

/// Shown while nothing says how much there is to do.
const SPINNER: &str = "  {spinner:.cyan} {prefix:24!.bold} {msg}";
/// Shown where that is known.
const BAR: &str = "  {spinner:.cyan} {prefix:24!.bold} {bar:20.cyan/dim} {percent:>3}% {msg}";

/// A line that moves while something is done, and ends as the line that says what was done.
pub(crate) struct Progress {
    bar: ProgressBar,
    what: String,
    silent: bool,
}

impl Progress {
    pub(crate) fn new(what: &str, silent: bool) -> Self {
        let target =
            if silent { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        look(&bar, SPINNER);
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(80));
        Self { bar, what: what.to_owned(), silent }
    }

    /// Says how much there is to do, in bytes.
    pub(crate) fn expect(&self, bytes: u64) {
        self.bar.set_length(bytes);
        look(&self.bar, BAR);
    }

    /// Says how much is done.
    pub(crate) fn reached(&self, bytes: u64) {
        self.bar.set_position(bytes.min(self.bar.length().unwrap_or(bytes)));
    }

    /// Says what is being done.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
    }

    /// Ends well.
    pub(crate) fn done(self, detail: &str) {
        self.bar.finish_and_clear();
        if !self.silent {
            say(&done_line(&self.what, detail));
        }
    }
}

fn look(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ").progress_chars("━╸─"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
