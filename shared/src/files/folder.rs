//! Files in a folder: `{root}/{organization}/{sha256}`, written beside and renamed when whole.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context as _;
use async_trait::async_trait;
use bytes::Bytes;
use sha2::Digest as _;
use tokio::{
    fs::{self, File},
    io::{AsyncReadExt as _, AsyncWriteExt as _},
};

use super::{Files, FilesError, Incoming, Kept, LocalFile, Sha256};
use crate::{ids::Ids, org::OrgSlug, settings::keyfile::private_folder};

const INCOMING: &str = ".incoming";
const CHUNK: usize = 1 << 20;

/// A folder of files.
pub struct Folder {
    root: PathBuf,
    ids: Arc<dyn Ids>,
}

impl fmt::Debug for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folder").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Folder {
    /// Opens a folder, making it where there is none, and clears what a crash left half-written.
    ///
    /// # Errors
    ///
    /// Fails where the folder cannot be made or read.
    pub fn open(root: &Path, ids: Arc<dyn Ids>) -> anyhow::Result<Self> {
        let incoming = root.join(INCOMING);
        private_folder(&incoming).with_context(|| format!("cannot make {}", incoming.display()))?;
        for left in std::fs::read_dir(&incoming)? {
            std::fs::remove_file(left?.path())?;
        }
        Ok(Self { root: root.to_owned(), ids })
    }

    fn of(&self, org: &OrgSlug) -> PathBuf {
        self.root.join(org.key())
    }

    async fn writing(&self, org: &OrgSlug) -> io::Result<Writing> {
        let path = self.root.join(INCOMING).join(self.ids.new_id().to_string());
        let folder = self.of(org);
        fs::create_dir_all(&folder).await?;
        let file = File::create_new(&path).await?;
        let part = Part(path);
        Ok(Writing { file, part, folder, hasher: sha2::Sha256::new(), bytes: 0 })
    }
}

#[async_trait]
impl Files for Folder {
    async fn begin(&self, org: &OrgSlug) -> Result<Box<dyn Incoming>, FilesError> {
        Ok(Box::new(self.writing(org).await.map_err(unavailable)?))
    }

    async fn local(&self, org: &OrgSlug, sha256: &Sha256) -> Result<Option<LocalFile>, FilesError> {
        let path = self.of(org).join(sha256.as_str());
        let there = fs::try_exists(&path).await.map_err(unavailable)?;
        Ok(there.then(|| LocalFile::staying(path)))
    }

    async fn keep(&self, org: &OrgSlug, path: &Path) -> Result<Kept, FilesError> {
        let unreadable = |error| FilesError::Unreadable(path.to_owned(), error);
        let mut source = File::open(path).await.map_err(unreadable)?;
        let mut writing = self.writing(org).await.map_err(unavailable)?;
        loop {
            let mut chunk = bytes::BytesMut::with_capacity(CHUNK);
            if source.read_buf(&mut chunk).await.map_err(unreadable)? == 0 {
                break;
            }
            writing.add(&chunk).await.map_err(unavailable)?;
        }
        writing.finish().await.map_err(unavailable)
    }

    async fn ping(&self) -> Result<(), FilesError> {
        fs::metadata(&self.root).await.map(drop).map_err(unavailable)
    }
}

struct Writing {
    file: File,
    part: Part,
    folder: PathBuf,
    hasher: sha2::Sha256,
    bytes: u64,
}

impl Writing {
    async fn add(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hasher.update(chunk);
        self.bytes += chunk.len() as u64;
        self.file.write_all(chunk).await
    }

    async fn finish(mut self) -> io::Result<Kept> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let sha256 = Sha256::of(&self.hasher.finalize());
        fs::rename(&self.part.0, self.folder.join(sha256.as_str())).await?;
        Ok(Kept { sha256, bytes: self.bytes })
    }
}

#[async_trait]
impl Incoming for Writing {
    async fn write(&mut self, chunk: Bytes) -> Result<(), FilesError> {
        self.add(&chunk).await.map_err(unavailable)
    }

    async fn keep(self: Box<Self>) -> Result<Kept, FilesError> {
        self.finish().await.map_err(unavailable)
    }
}

/// A half-written file, gone when this is dropped before the rename.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing under this name any more.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn unavailable(error: io::Error) -> FilesError {
    FilesError::Unavailable(error.into())
}
