//! What is kept comes back as it was, under the hash of its bytes, to its owner only.

use super::{noise, org, read, send};
use crate::files::{Files, Sha256};

/// SHA-256 of the bytes `abc` and of none, from FIPS 180-4's examples.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// More than a backend sends at once.
const LARGE: usize = (17 << 20) + 12_345;

pub(super) async fn cases(files: &dyn Files) -> anyhow::Result<()> {
    named_by_bytes(files).await?;
    of_any_length(files).await?;
    from_this_machine(files).await?;
    of_its_owner(files).await
}

async fn named_by_bytes(files: &dyn Files) -> anyhow::Result<()> {
    let acme = org("Acme")?;
    for (bytes, hash) in [(&b"abc"[..], ABC), (b"", NOTHING)] {
        let kept = send(files, &acme, bytes, 1).await?;
        assert_eq!((kept.sha256.as_str(), kept.bytes), (hash, bytes.len() as u64));
        assert_eq!(read(files, &acme, &kept).await?.as_deref(), Some(bytes));
    }
    Ok(())
}

async fn of_any_length(files: &dyn Files) -> anyhow::Result<()> {
    let acme = org("acme")?;
    for length in [1, 1 << 16, LARGE] {
        let bytes = noise(length);
        let kept = send(files, &acme, &bytes, 1 << 20).await?;
        assert_eq!(kept.bytes, length as u64);
        assert!(
            read(files, &acme, &kept).await?.as_ref() == Some(&bytes),
            "{length} bytes changed"
        );
    }
    Ok(())
}

/// A copy of a local file is the same as the file sent; the file itself stays.
async fn from_this_machine(files: &dyn Files) -> anyhow::Result<()> {
    let (acme, bytes) = (org("acme")?, noise(123_456));
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("focus.csv");
    std::fs::write(&path, &bytes)?;
    let copied = files.keep(&acme, &path).await?;
    assert_eq!(copied, send(files, &acme, &bytes, 1000).await?);
    assert_eq!(std::fs::read(&path)?, bytes);
    std::fs::remove_file(&path)?;
    assert_eq!(read(files, &acme, &copied).await?, Some(bytes));
    let gone = files.keep(&acme, &path).await;
    assert!(matches!(gone, Err(crate::files::FilesError::Unreadable(..))), "{gone:?}");
    Ok(())
}

async fn of_its_owner(files: &dyn Files) -> anyhow::Result<()> {
    let kept = send(files, &org("acme")?, b"of acme alone", 4).await?;
    assert!(read(files, &org("ACME")?, &kept).await?.is_some(), "a slug is the same in any case");
    assert_eq!(read(files, &org("other")?, &kept).await?, None);
    let Some(never) = Sha256::parse(&"0".repeat(64)) else { anyhow::bail!("no hash") };
    assert!(files.local(&org("acme")?, &never).await?.is_none());
    Ok(())
}
