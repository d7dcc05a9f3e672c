//! Where providers answer.

use super::{source::Source, table::Setting};

pub(super) const TABLE: &[Setting] = &[Setting::new(
    "SANDBOX_URL",
    "",
    "Providers are a sandbox: each answers below `{SANDBOX_URL}/{provider}`, as in `http://127.0.0.1:4010`; refused in production",
)];

/// Where providers answer.
#[derive(Debug, Clone, Default)]
pub struct Sandbox {
    /// What stands in for all of them, without a slash at its end.
    pub url: Option<String>,
}

impl Sandbox {
    pub(super) fn read(source: &mut Source<'_>) -> Self {
        let Some(text) = source.text("SANDBOX_URL") else { return Self::default() };
        if !text.starts_with("http://") && !text.starts_with("https://") {
            source.problem("SANDBOX_URL", "it begins with http:// or https://");
        }
        Self { url: Some(text.trim_end_matches('/').to_owned()) }
    }
}
