//! What bytes add up to.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use sha2::Digest as _;

use crate::files::{FilesError, Kept, Sha256};

const CHUNK: usize = 1 << 20;

/// Sums of bytes while they pass by.
#[derive(Clone, Default)]
pub(super) struct Digest {
    sha256: sha2::Sha256,
    crc32c: u32,
    bytes: u64,
}

/// Sums of bytes that have all passed by.
pub(super) struct Sums {
    /// What names them.
    pub(super) kept: Kept,
    /// What Cloud Storage compares.
    pub(super) crc32c: u32,
}

impl Digest {
    pub(super) fn add(&mut self, chunk: &[u8]) {
        self.sha256.update(chunk);
        self.crc32c = crc32c::crc32c_append(self.crc32c, chunk);
        self.bytes += chunk.len() as u64;
    }

    pub(super) fn end(self) -> Sums {
        let sha256 = Sha256::of(&self.sha256.finalize());
        Sums { kept: Kept { sha256, bytes: self.bytes }, crc32c: self.crc32c }
    }

    /// Of a file of this machine.
    pub(super) async fn of_file(path: &Path) -> Result<Sums, FilesError> {
        let owned = path.to_owned();
        let read = tokio::task::spawn_blocking(move || Self::read(&owned)).await;
        let read = read.map_err(|error| FilesError::Unavailable(error.into()))?;
        read.map_err(|error| FilesError::Unreadable(path.to_owned(), error))
    }

    fn read(path: &Path) -> io::Result<Sums> {
        let (mut file, mut digest) = (File::open(path)?, Self::default());
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(digest.end()),
                length => digest.add(&chunk[..length]),
            }
        }
    }
}
