//! The root key of a deployment.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The fewest characters of a root key.
const MIN_LENGTH: usize = 32;

/// The root key; it is never printed.
#[derive(Clone)]
pub struct RootKey(Zeroizing<String>);

impl RootKey {
    /// Takes a key of 32 characters or more.
    ///
    /// # Errors
    ///
    /// Says how long the key has to be.
    pub fn new(key: &str) -> Result<Self, String> {
        if key.chars().count() < MIN_LENGTH {
            return Err(format!("it has to have at least {MIN_LENGTH} characters"));
        }
        Ok(Self(Zeroizing::new(key.to_owned())))
    }

    /// Whether `offered` is this key, in a time that says nothing about how much of it is right.
    #[must_use]
    pub fn is(&self, offered: &str) -> bool {
        let (ours, theirs) =
            (Sha256::digest(self.0.as_bytes()), Sha256::digest(offered.as_bytes()));
        ours.as_slice().ct_eq(theirs.as_slice()).into()
    }

    /// The key, for a client of our own that has to send it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(…)")
    }
}
