//! Files of this machine on their way into the bucket.

use std::path::Path;

use tokio::fs::File;

use super::{Bucket, digest::Sums, failure::is_taken};
use crate::{
    files::{FilesError, Kept},
    org::OrgSlug,
};

impl Bucket {
    /// Writes a file under its hash, unless it is there.
    ///
    /// The bucket refuses bytes of another checksum, so a file that changed since it was hashed is
    /// never seen under that hash.
    pub(super) async fn upload(
        &self,
        org: &OrgSlug,
        path: &Path,
        Sums { kept, crc32c }: Sums,
    ) -> Result<Kept, FilesError> {
        let unreadable = |error| FilesError::Unreadable(path.to_owned(), error);
        let file = File::open(path).await.map_err(unreadable)?;
        let client = self.client().await.map_err(|cause| self.unavailable(cause))?;
        let written = client
            .write_object(self.resource(), self.kept_name(org, &kept.sha256), file)
            .set_if_generation_match(0)
            .set_content_type("application/octet-stream")
            .with_known_crc32c(crc32c)
            .send_unbuffered();
        match Box::pin(written).await {
            Ok(_) => Ok(kept),
            // The same bytes, or an attempt of ours whose answer was lost.
            Err(error) if is_taken(&error) => Ok(kept),
            Err(error) => Err(self.failed(error)),
        }
    }
}
