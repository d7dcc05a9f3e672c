//! The file a run reads: an upload, or a file of the same machine.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Input, Run, Runs};
use crate::{
    Error, Result,
    entities::Integration,
    files::{LocalFile, Sha256},
    org::OrgSlug,
    pipeline::engine::{LocalInput, StepError},
    providers::InputPrefix,
    store::{Collection, Entity, Key, StoreExt as _},
    warehouse::SourceId,
};

/// The setting of a connection that says where its source's files lie.
const FOLDER: &str = "input_prefix";

/// A file on its way to us: `uploads/{org}/{UUIDv7}`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub upload_id: Uuid,
    /// What its owner calls it.
    pub file_name: String,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was received whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// SHA-256 of its bytes, in hex, once it was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// How many bytes it has.
    #[serde(default)]
    pub bytes: u64,
    /// What a newer version of this program wrote.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Upload {
    /// How long an upload can be referred to. Files of runs stay.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

    /// Where an upload's document is.
    #[must_use]
    pub fn key(org: &OrgSlug, upload_id: Uuid) -> Key {
        Key::org(Collection::Uploads, org, upload_id.to_string())
    }
}

impl Entity for Upload {
    fn filters(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::new()
    }

    fn expire_at(&self) -> Option<Timestamp> {
        Some(self.created_at + Self::KEPT)
    }
}

impl Runs {
    /// Finds the file that a request for a source names. `same_machine` says that the request proved
    /// to come from the command on this machine, which may name files that the server can read:
    /// those of the folder that the source is connected to, any where it is connected to none.
    ///
    /// # Errors
    ///
    /// 422 where there is no such file, it is not whole yet, or it may not be named.
    pub async fn find_input(
        &self,
        (org, source): (&OrgSlug, &SourceId),
        uri: &str,
        same_machine: bool,
    ) -> Result<Input> {
        if let Some(id) = uri.strip_prefix("upload://") {
            return self.find_upload(org, id, uri).await;
        }
        let Some(path) = uri.strip_prefix("file://") else {
            return Err(Error::invalid("input", "an input is `upload://{id}`"));
        };
        if !same_machine {
            let message =
                "`file://` works only from the command on the same machine; upload the file";
            return Err(Error::invalid("input", message));
        }
        let found = whole_path(Path::new(path)).ok_or_else(|| no_file(path))?;
        self.within_folder((org, source), path, &found).await?;
        let (name, uri) = (found.file_name().unwrap_or_default(), found.to_str());
        let uri = format!("file://{}", uri.ok_or_else(|| no_file(path))?);
        let file_name = name.to_string_lossy().into_owned();
        Ok(Input { uri, file_name, sha256: None, bytes: None })
    }

    /// Where the source is connected to a folder, the file is in it, wherever links lead.
    async fn within_folder(
        &self,
        (org, source): (&OrgSlug, &SourceId),
        named: &str,
        found: &Path,
    ) -> Result<()> {
        let (provider, name) = source.parts();
        let key = Integration::key(org, provider, name);
        let connected = self.store.find::<Integration>(&key, self.clock.now()).await?;
        let Some(prefix) = connected.and_then(|it| it.value.settings.get(FOLDER).cloned()) else {
            return Ok(());
        };
        let folder = InputPrefix::parse(&prefix).ok().map(|prefix| prefix.folder());
        let folder = folder.and_then(|folder| folder.canonicalize().ok());
        if folder.is_some_and(|folder| found.starts_with(folder)) {
            return Ok(());
        }
        let message =
            format!("`{named}` is not in the folder that `{source}` is connected to, {prefix}");
        Err(Error::invalid("input", message))
    }

    async fn find_upload(&self, org: &OrgSlug, id: &str, uri: &str) -> Result<Input> {
        let missing =
            || Error::invalid("input", format!("there is no upload `{id}`; start one first"));
        let id: Uuid = id.parse().map_err(|_| missing())?;
        let held = self.store.find::<Upload>(&Upload::key(org, id), self.clock.now()).await?;
        let upload = held.ok_or_else(missing)?.value;
        let bytes = match upload.sha256 {
            Some(_) => upload.bytes,
            None => self.arrived(org, id).await?,
        };
        let (uri, file_name) = (uri.to_owned(), upload.file_name);
        Ok(Input { uri, file_name, sha256: upload.sha256, bytes: Some(bytes) })
    }

    /// How many bytes a file has that came to the backend without coming through us. What it is,
    /// the run finds out that reads it: hashing may take longer than a request.
    async fn arrived(&self, org: &OrgSlug, upload_id: Uuid) -> Result<u64> {
        let arrived = match self.engine.files.direct() {
            Some(direct) => direct.arrived(org, upload_id).await?,
            None => None,
        };
        match arrived {
            Some(0) => Err(Error::invalid("input", "the file that was uploaded is empty")),
            Some(bytes) => Ok(bytes),
            None => Err(Error::invalid("input", "the upload is not finished: PUT the file first")),
        }
    }

    /// The run's file on this machine. A file that is not kept yet is copied, so that later
    /// attempts read the same bytes.
    pub(super) async fn input(&self, run: &Run) -> Result<Option<LocalInput>, StepError> {
        let Some(input) = &run.input else { return Ok(None) };
        let (files, org) = (&self.engine.files, &run.org_slug);
        let gone =
            || StepError::failed("input_gone", "the file is no longer kept; upload it again");
        if let Some(sha256) = &input.sha256 {
            let known = Sha256::parse(sha256).ok_or_else(gone)?;
            let file = files.local(org, &known).await?.ok_or_else(gone)?;
            return Ok(Some(LocalInput::kept(file, sha256.clone())));
        }
        let file = if let Some(id) = input.uri.strip_prefix("upload://") {
            let (id, direct) = (id.parse().map_err(|_| gone())?, files.direct().ok_or_else(gone)?);
            direct.fetch(org, id).await?.ok_or_else(gone)?
        } else {
            let path = Path::new(input.uri.strip_prefix("file://").ok_or_else(gone)?);
            // A link that was put in its way meanwhile leads elsewhere.
            let found = whole_path(path).filter(|found| found == path);
            LocalFile::staying(found.ok_or_else(moved)?)
        };
        LocalInput::copied(files, org, file).await.map(Some)
    }
}

/// Where a file really is, without links and `..`; `None` where there is none.
fn whole_path(path: &Path) -> Option<PathBuf> {
    let found = path.is_absolute().then(|| path.canonicalize().ok())??;
    found.is_file().then_some(found)
}

fn no_file(path: &str) -> Error {
    Error::invalid("input", format!("there is no file `{path}`"))
}

fn moved() -> StepError {
    StepError::failed("input_gone", "the file is no longer where it was; run it again")
}
