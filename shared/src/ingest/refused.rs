//! Why an input cannot be used at all.

/// An input that is refused whole; nothing of it is stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// Stable name of the reason, as in `missing_column`.
    pub code: &'static str,
    /// What is wrong and what to do, for people.
    pub message: String,
}

impl Refused {
    /// A refusal.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The input cannot be read to its end.
    pub(super) fn unreadable(error: &dyn std::fmt::Display) -> Self {
        Self::new("unreadable", format!("the input cannot be read to its end: {error}"))
    }
}
