//! Folders on the server where a source's files lie.

use std::path::PathBuf;

/// A registered folder: `file:///…/`, absolute, ending in `/`, without `.` and `..` parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputPrefix(String);

impl InputPrefix {
    /// Checks a prefix.
    ///
    /// # Errors
    ///
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some(path) = text.strip_prefix("file://") else {
            return Err("a folder is written as file:///srv/exports/".to_owned());
        };
        if !path.starts_with('/') || !path.ends_with('/') {
            return Err("a folder begins with file:/// and ends with /".to_owned());
        }
        if path.contains("//") || path.chars().any(char::is_control) || has_dots(path) {
            return Err("a folder has no `.`, `..` or empty parts".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// The folder on this machine.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        PathBuf::from(self.0.trim_start_matches("file://"))
    }
}

fn has_dots(path: &str) -> bool {
    path.split('/').any(|part| part == "." || part == "..")
}
