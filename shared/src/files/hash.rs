//! The hash that names a file.

use std::fmt;

/// SHA-256 in lowercase hex: always 64 characters that are safe in a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256(String);

impl Sha256 {
    /// From a digest.
    #[must_use]
    pub(super) fn of(digest: &[u8]) -> Self {
        Self(hex::encode(digest))
    }

    /// From text; `None` unless it is 64 hex digits in lowercase.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        (text.len() == 64 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// As hex.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
