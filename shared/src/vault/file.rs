//! The embedded KMS: keys in a file that only its owner may read.

use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{
    Kms, KmsError, Secret, Wrapped,
    cipher::{KEY, decrypt, encrypt},
};
use crate::{ids::Ids, settings::keyfile};

/// Keys of a file: one `{version}:{64 hexadecimal digits}` a line, the highest version wraps.
pub struct FileKms {
    name: String,
    keys: BTreeMap<u32, Secret>,
    ids: Arc<dyn Ids>,
}

impl FileKms {
    /// Reads the file; where `make` and there is none, makes one with a new key.
    ///
    /// # Errors
    ///
    /// Fails where others may read the file, or a line is none of ours.
    pub fn open(path: &Path, make: bool, ids: Arc<dyn Ids>) -> anyhow::Result<Self> {
        let text = if make {
            let first = || Zeroizing::new(format!("1:{}", *keyfile::random_secret(&*ids)));
            keyfile::read_or_make(path, first)?
        } else {
            keyfile::read(path)?
        };
        let name = format!("file:{}", path.display());
        let keys = text.lines().map(|line| key(line).with_context(|| format!("{name}: no key")));
        let keys: BTreeMap<_, _> = keys.collect::<anyhow::Result<_>>()?;
        ensure!(!keys.is_empty(), "{name} has no key");
        Ok(Self { name, keys, ids })
    }
}

#[async_trait]
impl Kms for FileKms {
    fn key_name(&self) -> &str {
        &self.name
    }

    async fn wrap(&self, plain: &Secret, bound: &[u8]) -> Result<Wrapped, KmsError> {
        let (version, key) = self.keys.last_key_value().context("no key")?;
        let bytes = encrypt(key, plain, bound, &*self.ids)?;
        Ok(Wrapped { version: version.to_string(), bytes })
    }

    async fn unwrap(&self, wrapped: &Wrapped, bound: &[u8]) -> Result<Secret, KmsError> {
        let version = wrapped.version.parse::<u32>().context("no version of a key file")?;
        let key = self.keys.get(&version);
        let key = key.with_context(|| format!("{} has no version {version}", self.name))?;
        Ok(decrypt(key, &wrapped.bytes, bound)?)
    }
}

impl fmt::Debug for FileKms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileKms").field("name", &self.name).finish_non_exhaustive()
    }
}

fn key(line: &str) -> Option<(u32, Secret)> {
    let (version, key) = line.split_once(':')?;
    let bytes = Zeroizing::new(hex::decode(key.trim()).ok()?);
    (bytes.len() == KEY).then_some((version.parse().ok()?, Secret::new(bytes)))
}
