//! What a provider says when it refuses: told apart, and never shown, as it may repeat a key.

use std::fmt;

use http::StatusCode;

/// How much of a refusal is looked at.
const LOOKED_AT: usize = 4096;

/// A refusal.
pub struct Refusal {
    /// Its status.
    pub status: StatusCode,
    text: String,
}

impl Refusal {
    /// Of an answer's status and body.
    #[must_use]
    pub fn new(status: StatusCode, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)]).to_lowercase();
        Self { status, text }
    }

    /// Whether it says one of these, whatever their case.
    #[must_use]
    pub fn says(&self, any: &[&str]) -> bool {
        any.iter().any(|words| self.text.contains(&words.to_lowercase()))
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal").field("status", &self.status).finish_non_exhaustive()
    }
}
