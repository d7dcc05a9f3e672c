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

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum KmsError {
    /// The KMS cannot be reached, is overloaded, or does not let us use its key: the same call may
    /// work later, when that was seen to. The cause says what to see to.
    #[error("the key service cannot be used now")]
    Unavailable(#[source] anyhow::Error),
    /// What was wrapped is not of this key, this version or this owner, or was changed.
    #[error(transparent)]
    Refused(#[from] anyhow::Error),
}

impl From<KmsError> for crate::Error {
    fn from(error: KmsError) -> Self {
        let message = error.to_string();
        match error {
            KmsError::Unavailable(cause) => Self::Unavailable { message, cause },
            KmsError::Refused(cause) => Self::Internal(cause),
        }
    }
}

/// Wraps and unwraps small secrets with a key that never leaves it.
#[async_trait]
pub trait Kms: Send + Sync + fmt::Debug {
    /// The key's name, for ledgers.
    fn key_name(&self) -> &str;

    /// Wraps with the newest version of the key; `bound` has to be the same to unwrap.
    async fn wrap(&self, plain: &Secret, bound: &[u8]) -> Result<Wrapped, KmsError>;

    /// Unwraps, with whichever version it was wrapped by.
    ///
    /// # Errors
    ///
    /// [`KmsError::Refused`] where the version is gone or the parts do not belong together.
    async fn unwrap(&self, wrapped: &Wrapped, bound: &[u8]) -> Result<Secret, KmsError>;
}
