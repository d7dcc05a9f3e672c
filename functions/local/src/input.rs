//! How much of a run's file there is to read, and how much was read.

use std::{fs::File, io::Read as _};

use serde_json::Value;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// How many bytes a run will read of its input; `None` where only the end says so: of files that are
/// not here, and of gzipped ones, whose unzipped bytes count.
#[must_use]
pub fn bytes(input: &str) -> Option<u64> {
    let mut file = File::open(input.strip_prefix("file://")?).ok()?;
    let mut magic = [0; 2];
    file.read_exact(&mut magic).ok()?;
    (magic != GZIP).then(|| file.metadata().ok().map(|found| found.len()))?
}

/// How many bytes the steps of a run have read; those that read its file all read the same.
#[must_use]
pub fn read_so_far(run: &Value) -> u64 {
    let steps = run["steps"].as_array().into_iter().flatten();
    steps.filter_map(|step| step["bytes"].as_u64()).max().unwrap_or_default()
}
