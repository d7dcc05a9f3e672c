//! Where the keys are that wrap data keys: Cloud KMS, or a key file.

use std::fmt;

use async_trait::async_trait;

use super::Secret;

/// A wrapped data key, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Which version of the KMS's key wrapped it.
    pub version: String,
    /// The wrapped key.
    pub bytes: Vec<u8>,
}

/// Wraps and unwraps small secrets with a key that never leaves it.
#[async_trait]
pub trait Kms: Send + Sync + fmt::Debug {
    /// The key's name, for ledgers.
    fn key_name(&self) -> &str;

    /// Wraps with the newest version of the key; `bound` has to be the same to unwrap.
    ///
    /// # Errors
    ///
    /// Fails where the KMS cannot be reached or refuses.
    async fn wrap(&self, plain: &Secret, bound: &[u8]) -> anyhow::Result<Wrapped>;

    /// Unwraps, with whichever version it was wrapped by.
    ///
    /// # Errors
    ///
    /// Fails where the KMS cannot be reached, the version is gone, or the parts do not belong
    /// together.
    async fn unwrap(&self, wrapped: &Wrapped, bound: &[u8]) -> anyhow::Result<Secret>;
}
