//! Opens an input, whatever its format: told by its first bytes, never by its name.

use std::{
    fs::File,
    io::{BufReader, Cursor, ErrorKind, Read, Seek as _, SeekFrom},
    path::Path,
    sync::Arc,
};

use flate2::read::MultiGzDecoder;

use super::{Blocks, Limits, Refused, csv::Csv, jsonl::Jsonl, parquet::Parquet};

const GZIP: &[u8] = b"\x1f\x8b";
const PARQUET: &[u8] = b"PAR1";

/// Opens a file. `expected` are columns that a reader knows: where a format has no header, they are
/// columns even if the first records lack them.
///
/// # Errors
///
/// Fails where the file cannot be read or is of no format that we know.
pub fn open(path: &Path, expected: &[String], limits: Limits) -> Result<Arc<dyn Blocks>, Refused> {
    let unreadable = |error: std::io::Error| Refused::unreadable(&error);
    let mut file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            Refused::new("no_such_file", format!("{} is not there", path.display()))
        }
        _ => unreadable(error),
    })?;
    let mut magic = Vec::new();
    (&mut file).take(4).read_to_end(&mut magic).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if magic == PARQUET {
        return Ok(Arc::new(Parquet::new(file)?));
    }
    from_reader(Box::new(file), expected, limits)
}

/// Opens a stream of CSV or JSON lines, plain or gzipped.
///
/// # Errors
///
/// As [`open`].
pub fn from_reader(
    mut read: Box<dyn Read + Send>,
    expected: &[String],
    limits: Limits,
) -> Result<Arc<dyn Blocks>, Refused> {
    let (magic, rest) = peek(&mut read, 2)?;
    let read: Box<dyn Read + Send> = Box::new(Cursor::new(magic.clone()).chain(rest));
    if magic != GZIP {
        return text(read, expected, limits);
    }
    let plain = MultiGzDecoder::new(BufReader::with_capacity(1 << 18, read));
    text(Box::new(Complete(plain)), expected, limits)
}

fn text(
    mut read: Box<dyn Read + Send>,
    expected: &[String],
    limits: Limits,
) -> Result<Arc<dyn Blocks>, Refused> {
    let (first, rest) = peek(&mut read, 64)?;
    let begins = first.trim_ascii_start().first().copied();
    let read: Box<dyn Read + Send> = Box::new(Cursor::new(first.clone()).chain(rest));
    match begins {
        Some(b'{') => Ok(Arc::new(Jsonl::new(read, expected, limits)?)),
        Some(b'[') => Err(Refused::new(
            "json_array",
            "this is one JSON array; send JSON lines, one object in each line",
        )),
        _ if first.contains(&0) => Err(Refused::new(
            "unknown_format",
            "this is neither text nor Parquet; send CSV, JSON lines (both plain or gzipped) or Parquet",
        )),
        _ => Ok(Arc::new(Csv::new(read, limits)?)),
    }
}

/// The first bytes, at most `count`, and what follows them.
fn peek(
    read: &mut Box<dyn Read + Send>,
    count: u64,
) -> Result<(Vec<u8>, Box<dyn Read + Send>), Refused> {
    let mut first = Vec::new();
    let found = read.take(count).read_to_end(&mut first);
    found.map_err(|error| Refused::unreadable(&error))?;
    Ok((first, std::mem::replace(read, Box::new(std::io::empty()))))
}

/// Says what it means when gzipped data ends early.
struct Complete<R>(R);

impl<R: Read> Read for Complete<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => std::io::Error::new(
                ErrorKind::UnexpectedEof,
                "the gzipped data ends early, so the file is not complete; send it again",
            ),
            _ => error,
        })
    }
}
