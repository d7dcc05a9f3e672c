//! Files with one secret, made on the first start in development, that only their owner may read.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use anyhow::{Context as _, ensure};
use zeroize::Zeroizing;

use crate::ids::Ids;

/// The secret in the file at `path`; where there is no file, one is made that holds what `make` says.
///
/// Of several processes that make it at the same time one wins, and all read the same secret.
///
/// # Errors
///
/// Fails where the file cannot be made or read, or where others may read it.
pub fn read_or_make(
    path: &Path,
    make: impl FnOnce() -> Zeroizing<String>,
) -> anyhow::Result<Zeroizing<String>> {
    if !path.exists() {
        create(path, &make()).with_context(|| format!("cannot make {}", path.display()))?;
    }
    read(path)
}

/// The secret in the file at `path`.
///
/// # Errors
///
/// Fails where the file cannot be read, or where others may read it.
pub fn read(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let name = path.display();
    let mode = fs::metadata(path).with_context(|| format!("cannot read {name}"))?.permissions();
    ensure!(mode.mode().trailing_zeros() >= 6, "others may read {name}: `chmod 600 {name}`");
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

/// Makes a folder that only its owner may enter, and those above it; leaves one that is there as it is.
///
/// # Errors
///
/// Fails where it cannot be made.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// 256 random bits, in hexadecimal.
#[must_use]
pub fn random_secret(ids: &dyn Ids) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 32]);
    ids.fill(bytes.as_mut_slice());
    Zeroizing::new(hex::encode(bytes.as_slice()))
}

/// Writes aside and links into place, so that nobody ever reads half a secret.
fn create(path: &Path, secret: &str) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        private_folder(folder)?;
    }
    let (process, thread) = (std::process::id(), std::thread::current().id());
    let aside = path.with_extension(format!("{process}.{thread:?}.new"));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}
