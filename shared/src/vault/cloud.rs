//! Cloud KMS: the key that wraps data keys never leaves it.

use std::fmt;

use anyhow::{Context as _, anyhow, ensure};
use async_trait::async_trait;
use bytes::Bytes;
use google_cloud_gax::{error::rpc::Code, options::RequestOptionsBuilder as _};
use google_cloud_kms_v1::{Error, client::KeyManagementService};
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use super::{Kms, KmsError, Secret, Wrapped};
use crate::{
    google::{self, Access},
    settings::BackendUrl,
};

/// A symmetric key of Cloud KMS: `gcpkms://projects/…/locations/…/keyRings/…/cryptoKeys/…`.
///
/// Checksums go both ways: a bit that flips on the wire is found before a secret is lost, as Google
/// [asks](https://cloud.google.com/kms/docs/data-integrity-guidelines).
pub struct CloudKms {
    key: String,
    access: Access,
    client: OnceCell<KeyManagementService>,
}

impl CloudKms {
    /// Names the key; nothing is asked of the service yet.
    ///
    /// # Errors
    ///
    /// Fails where the URL names no key.
    pub fn new(url: &BackendUrl, access: Access) -> anyhow::Result<Self> {
        let key = url.rest.trim_start_matches('/');
        let parts: Vec<_> = key.split('/').collect();
        let named =
            matches!(parts[..], ["projects", _, "locations", _, "keyRings", _, "cryptoKeys", _])
                && parts.iter().all(|part| !part.is_empty());
        ensure!(
            named,
            "{}: `{url}` is not `gcpkms://projects/…/locations/…/keyRings/…/cryptoKeys/…`",
            url.setting
        );
        Ok(Self { key: key.to_owned(), access, client: OnceCell::new() })
    }

    async fn client(&self) -> Result<&KeyManagementService, KmsError> {
        let client = self.client.get_or_try_init(|| self.connect()).await;
        client.map_err(KmsError::Unavailable)
    }

    async fn connect(&self) -> anyhow::Result<KeyManagementService> {
        let builder = self.access.prepare(KeyManagementService::builder())?;
        builder.build().await.context("no client of Cloud KMS")
    }

    /// Why a call failed, in words for whoever runs the deployment.
    fn failed(&self, error: Error) -> KmsError {
        let advice = match error.http_status_code() {
            Some(401) => "Google does not know who asks",
            Some(403) => {
                "the service's account may not use this key: grant it \
                 roles/cloudkms.cryptoKeyEncrypterDecrypter, in the key's own project"
            }
            Some(404) => "there is no such key: is KMS_URL of another project or location?",
            _ if is_disabled(&error) => {
                "a version of this key is disabled or destroyed: enable or restore it"
            }
            _ if google::is_transient(&error) => "Cloud KMS does not answer",
            _ => return KmsError::Refused(anyhow!(error).context("Cloud KMS refuses")),
        };
        self.unavailable(anyhow!(error).context(advice))
    }

    fn damaged(&self, what: &str) -> KmsError {
        self.unavailable(anyhow!("what Cloud KMS {what} was damaged on its way"))
    }

    fn unavailable(&self, cause: anyhow::Error) -> KmsError {
        KmsError::Unavailable(cause.context(format!("gcpkms://{}", self.key)))
    }
}

#[async_trait]
impl Kms for CloudKms {
    fn key_name(&self) -> &str {
        &self.key
    }

    async fn wrap(&self, plain: &Secret, bound: &[u8]) -> Result<Wrapped, KmsError> {
        let request = self.client().await?.encrypt().set_name(&self.key);
        let answer = request
            .set_plaintext(erased(plain))
            .set_plaintext_crc32c(checksum(plain.expose()))
            .set_additional_authenticated_data(Bytes::copy_from_slice(bound))
            .set_additional_authenticated_data_crc32c(checksum(bound))
            // Encrypting twice is harmless: the first answer is only forgotten.
            .with_idempotency(true)
            .send();
        let answer = Box::pin(answer).await.map_err(|error| self.failed(error))?;
        let whole = answer.verified_plaintext_crc32c
            && answer.verified_additional_authenticated_data_crc32c
            && answer.ciphertext_crc32c == Some(checksum(&answer.ciphertext));
        if !whole {
            return Err(self.damaged("encrypted"));
        }
        let (_, version) = answer.name.rsplit_once('/').context("Cloud KMS names no version")?;
        Ok(Wrapped { version: version.to_owned(), bytes: answer.ciphertext.to_vec() })
    }

    async fn unwrap(&self, wrapped: &Wrapped, bound: &[u8]) -> Result<Secret, KmsError> {
        let request = self.client().await?.decrypt().set_name(&self.key);
        let answer = request
            .set_ciphertext(Bytes::copy_from_slice(&wrapped.bytes))
            .set_ciphertext_crc32c(checksum(&wrapped.bytes))
            .set_additional_authenticated_data(Bytes::copy_from_slice(bound))
            .set_additional_authenticated_data_crc32c(checksum(bound))
            .with_idempotency(true)
            .send();
        let answer = Box::pin(answer).await.map_err(|error| self.failed(error))?;
        if answer.plaintext_crc32c != Some(checksum(&answer.plaintext)) {
            return Err(self.damaged("decrypted"));
        }
        Ok(Secret::new(Zeroizing::new(answer.plaintext.to_vec())))
    }
}

impl fmt::Debug for CloudKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudKms").field("key", &self.key).finish_non_exhaustive()
    }
}

fn is_disabled(error: &Error) -> bool {
    error.status().is_some_and(|status| status.code == Code::FailedPrecondition)
}

/// A copy that is erased when the last holder drops it.
fn erased(secret: &Secret) -> Bytes {
    Bytes::from_owner(Zeroizing::new(secret.expose().to_vec()))
}

fn checksum(bytes: &[u8]) -> i64 {
    i64::from(crc32c::crc32c(bytes))
}
