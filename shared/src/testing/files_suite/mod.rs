//! What every place for files does: each backend passes these cases unchanged.

mod races;
mod values;
mod whole;

use std::sync::Arc;

use crate::{
    files::{Files, Kept},
    org::OrgSlug,
};

/// Runs every case on files of which there are none yet. A case that does not hold panics.
///
/// # Errors
///
/// Fails where a call fails that has to succeed.
pub async fn files_suite(files: Arc<dyn Files>) -> anyhow::Result<()> {
    files.ping().await?;
    values::cases(&*files).await?;
    whole::cases(&*files).await?;
    races::cases(&files).await
}

fn org(slug: &str) -> anyhow::Result<OrgSlug> {
    OrgSlug::parse(slug).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Sends bytes in pieces of up to `piece`.
async fn send(
    files: &dyn Files,
    org: &OrgSlug,
    bytes: &[u8],
    piece: usize,
) -> anyhow::Result<Kept> {
    let mut incoming = files.begin(org).await?;
    for chunk in bytes.chunks(piece) {
        incoming.write(bytes::Bytes::copy_from_slice(chunk)).await?;
    }
    Ok(incoming.keep().await?)
}

/// The bytes of a kept file.
async fn read(files: &dyn Files, org: &OrgSlug, kept: &Kept) -> anyhow::Result<Option<Vec<u8>>> {
    match files.local(org, &kept.sha256).await? {
        Some(file) => Ok(Some(std::fs::read(file.path())?)),
        None => Ok(None),
    }
}

/// Bytes without a pattern that a transfer could hide behind.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
