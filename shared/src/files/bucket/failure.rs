//! What a refusal of Cloud Storage means.

use anyhow::anyhow;
use google_cloud_storage::Error;

use super::Bucket;
use crate::files::FilesError;

impl Bucket {
    /// Why a call failed, in words for whoever runs the deployment.
    pub(super) fn failed(&self, error: Error) -> FilesError {
        let advice = match error.http_status_code() {
            Some(401) => "Google does not know who asks",
            Some(403) => "the service's account may not: grant it roles/storage.objectUser",
            Some(404) => "there is no such bucket",
            _ => "Cloud Storage does not answer",
        };
        self.unavailable(anyhow!(error).context(advice))
    }

    pub(super) fn unavailable(&self, cause: anyhow::Error) -> FilesError {
        FilesError::Unavailable(cause.context(format!("gs://{}/{}", self.name, self.prefix)))
    }
}

/// Whether there is no such object, in a bucket that there is.
pub(super) fn is_absent(error: &Error) -> bool {
    let of_bucket =
        |body: &bytes::Bytes| String::from_utf8_lossy(body).contains("bucket does not exist");
    error.http_status_code() == Some(404) && !error.http_payload().is_some_and(of_bucket)
}

/// Whether the object that was to be made is there already.
pub(super) fn is_taken(error: &Error) -> bool {
    error.http_status_code() == Some(412)
}

/// Whether a range was asked of an object that has no bytes.
pub(super) fn is_empty(error: &Error) -> bool {
    error.http_status_code() == Some(416)
}
