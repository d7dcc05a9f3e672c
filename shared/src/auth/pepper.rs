//! Peppers: what keys are hashed with, in versions, so that they can be changed.

use std::{collections::BTreeMap, fmt};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The fewest characters of a pepper.
const MIN_LENGTH: usize = 32;

/// One secret that keys are hashed with.
#[derive(Clone)]
pub struct Pepper(Zeroizing<Vec<u8>>);

impl Pepper {
    /// The keyed hash of a text, in hexadecimal.
    #[must_use]
    pub fn hash(&self, text: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// All live peppers. The one with the highest version hashes new keys, the others still verify.
#[derive(Clone)]
pub struct Peppers {
    newest: (u32, Pepper),
    older: BTreeMap<u32, Pepper>,
}

impl Peppers {
    /// Reads `{version}:{secret}` items, separated by commas. A lone secret is version 1.
    ///
    /// # Errors
    ///
    /// Says which item is wrong, never what it holds.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for (index, item) in text.trim().split(',').enumerate() {
            let (version, secret) = match item.trim().split_once(':') {
                Some((version, secret)) => (version.parse().ok(), secret),
                None => (Some(1), item.trim()),
            };
            let at = index + 1;
            let version: u32 = version.ok_or_else(|| {
                format!("item {at} is not `{{version}}:{{secret}}` with a whole number")
            })?;
            if secret.len() < MIN_LENGTH {
                return Err(format!("the secret of item {at} needs {MIN_LENGTH} characters"));
            }
            let pepper = Pepper(Zeroizing::new(secret.as_bytes().to_vec()));
            if all.insert(version, pepper).is_some() {
                return Err(format!("version {version} stands there twice"));
            }
        }
        let newest = all.pop_last().ok_or_else(|| "it is empty".to_owned())?;
        Ok(Self { newest, older: all })
    }

    /// The document id of a key that is made now: `{version}.{hash}`.
    #[must_use]
    pub fn id(&self, key: &str) -> String {
        let (version, pepper) = &self.newest;
        format!("{version}.{}", pepper.hash(key))
    }

    /// The document ids that a key may have, newest pepper first.
    pub fn ids<'a>(&'a self, key: &'a str) -> impl Iterator<Item = String> + 'a {
        let older = self.older.iter().rev();
        let older = older.map(move |(version, pepper)| format!("{version}.{}", pepper.hash(key)));
        std::iter::once(self.id(key)).chain(older)
    }
}

impl fmt::Debug for Peppers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<_> = self.older.keys().chain([&self.newest.0]).collect();
        f.debug_struct("Peppers").field("versions", &versions).finish_non_exhaustive()
    }
}
