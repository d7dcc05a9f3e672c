//! Tokens of service accounts: what proves that a queue or a scheduler calls an internal route.

mod jwks;
mod local;
mod unsigned;
mod verifier;

pub use self::{
    jwks::Jwks,
    local::LocalIssuer,
    verifier::{Remote, Verifier},
};

/// What a service account may call. One account is named for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Deliver messages.
    Push,
    /// Trigger what is due.
    Schedule,
}
