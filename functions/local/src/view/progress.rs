//! A bar for work that takes a while.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{done_line, say};

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
        if let Ok(style) = ProgressStyle::with_template("  {spinner:.cyan} {prefix:24!.bold} {msg}")
        {
            bar.set_style(style.tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "));
        }
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(80));
        Self { bar, what: what.to_owned(), silent }
    }

    /// Says how far it is.
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

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
