//! Signatures for emulators, which look at none.

use bytes::Bytes;
use google_cloud_auth::signer::{Result, SigningProvider};

/// Signs nothing.
#[derive(Debug)]
pub(super) struct Unsigned;

impl SigningProvider for Unsigned {
    async fn client_email(&self) -> Result<String> {
        Ok("nobody@emulator.invalid".to_owned())
    }

    async fn sign(&self, _: &[u8]) -> Result<Bytes> {
        Ok(Bytes::new())
    }
}
