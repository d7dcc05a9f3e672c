//! Uploads that go straight to the backend, past us.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::SignedDuration;
use uuid::Uuid;

use super::{FilesError, LocalFile};
use crate::org::OrgSlug;

/// How a client sends a file by itself: one `PUT` of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Where to. Whoever has it may use it: it is a secret until it ends.
    pub url: String,
    /// Headers that have to come along, as they are.
    pub headers: BTreeMap<String, String>,
    /// How long it may be begun.
    pub valid: SignedDuration,
}

/// A backend that takes files from clients without us in between.
#[async_trait]
pub trait Direct: Send + Sync {
    /// Lets somebody send the file of an upload, once, of at most `most_bytes`.
    ///
    /// # Errors
    ///
    /// Fails where nothing can be signed.
    async fn invite(
        &self,
        org: &OrgSlug,
        upload_id: Uuid,
        most_bytes: u64,
    ) -> Result<Invitation, FilesError>;

    /// How many bytes were sent; `None` while they were not, or not whole.
    ///
    /// # Errors
    ///
    /// Fails where the backend does not answer.
    async fn arrived(&self, org: &OrgSlug, upload_id: Uuid) -> Result<Option<u64>, FilesError>;

    /// What was sent, on this machine; `None` where nothing was, or too long ago.
    ///
    /// # Errors
    ///
    /// Fails where the backend does not answer, or this machine has no room.
    async fn fetch(&self, org: &OrgSlug, upload_id: Uuid) -> Result<Option<LocalFile>, FilesError>;
}
