//! A file that several readers read at once: none has a place of its own in it, as [`File`]'s
//! clones do.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    os::unix::fs::FileExt as _,
    sync::Arc,
};

use bytes::{Bytes, BytesMut};
use parquet::{
    errors::{ParquetError, Result},
    file::reader::{ChunkReader, Length},
};

/// An open file and its length.
#[derive(Clone)]
pub(super) struct Source {
    file: Arc<File>,
    length: u64,
}

impl Source {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), length })
    }
}

impl Length for Source {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Source {
    type T = BufReader<Onwards>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::new(Onwards { file: Arc::clone(&self.file), at: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF("the file ends early".to_owned()));
        }
        let mut bytes = BytesMut::zeroed(length);
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes.freeze())
    }
}

/// The file from a place on.
pub(super) struct Onwards {
    file: Arc<File>,
    at: u64,
}

impl Read for Onwards {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
