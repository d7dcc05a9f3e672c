//! Uploads: begun, received whole, then named by runs.

use jiff::Timestamp;
use serde_json::Map;
use uuid::Uuid;

use super::{Runs, Upload};
use crate::{
    Error, Result,
    files::Kept,
    org::OrgSlug,
    store::{Entity as _, Held, StoreError, StoreExt as _, Write},
};

impl Runs {
    /// An upload that begins, and the write that makes it.
    ///
    /// # Errors
    ///
    /// Fails where it cannot be written, which is a bug.
    pub fn begin_upload(&self, org: &OrgSlug, file_name: &str) -> Result<(Upload, Write)> {
        let upload = Upload {
            upload_id: self.ids.new_id(),
            file_name: file_name.to_owned(),
            created_at: self.clock.now(),
            received_at: None,
            sha256: None,
            bytes: 0,
            other: Map::new(),
        };
        let write = upload.create(Upload::key(org, upload.upload_id))?;
        Ok((upload, write))
    }

    /// An upload that waits for its file.
    ///
    /// # Errors
    ///
    /// 404 where there is none, 409 where its file was received already.
    pub async fn open_upload(&self, org: &OrgSlug, upload_id: Uuid) -> Result<Held<Upload>> {
        let key = Upload::key(org, upload_id);
        let held = self.store.find::<Upload>(&key, self.clock.now()).await?;
        let missing =
            || Error::NotFound(format!("there is no upload `{upload_id}`; start one first"));
        let held = held.ok_or_else(missing)?;
        if held.value.sha256.is_some() {
            return Err(received_already());
        }
        Ok(held)
    }

    /// Notes that an upload's file was received and kept.
    ///
    /// # Errors
    ///
    /// 409 where somebody else's file was quicker.
    pub async fn end_upload(&self, mut held: Held<Upload>, kept: &Kept) -> Result<Upload> {
        let now: Timestamp = self.clock.now();
        held.value.sha256 = Some(kept.sha256.as_str().to_owned());
        held.value.bytes = kept.bytes;
        held.value.received_at = Some(now);
        match self.store.commit(vec![held.replace()?]).await {
            Ok(_) => Ok(held.value),
            Err(StoreError::Conflict(_)) => Err(received_already()),
            Err(error) => Err(error.into()),
        }
    }
}

fn received_already() -> Error {
    Error::Conflict("the file of this upload was received already; start another".to_owned())
}
