//! The one table of all settings, from which `docs/SETTINGS.md` is made.

use std::fmt::Write as _;

use super::{
    auth, backends, cloud_run, configs, environment, limits, logging, providers, server, work,
};

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// What holds unless it is set; empty for nothing.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl Setting {
    pub(super) const fn new(
        name: &'static str,
        default: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { name, default, meaning }
    }
}

/// Every setting, by section.
pub const SECTIONS: [(&str, &[Setting]); 10] = [
    ("Environment", environment::TABLE),
    ("Cloud Run", cloud_run::TABLE),
    ("Server", server::TABLE),
    ("Credentials", auth::TABLE),
    ("Backends", backends::TABLE),
    ("Work", work::TABLE),
    ("Limits", limits::TABLE),
    ("Providers", providers::TABLE),
    ("Log", logging::TABLE),
    ("Configs", configs::TABLE),
];

/// The text of `docs/SETTINGS.md`.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "# Settings\n\nAll settings are environment variables. A process says everything that is \
         wrong with them at once, and does not start.\n",
    );
    for (section, settings) in SECTIONS {
        let _ = write!(
            text,
            "\n## {section}\n\n| setting | default | meaning |\n| --- | --- | --- |\n"
        );
        for Setting { name, default, meaning } in settings {
            let _ = writeln!(text, "| `{name}` | {default} | {meaning} |");
        }
    }
    text
}
