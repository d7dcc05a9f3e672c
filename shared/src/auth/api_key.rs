//! The text of an organization's API key: `{org_slug}_api_{random}{checksum}`.
//!
//! The checksum is no secret; it lets random text be refused without a lookup.

use std::fmt;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Peppers;
use crate::{
    ids::Ids,
    org::OrgSlug,
    store::{Collection, Key},
};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MARK: &str = "_api_";
/// Characters of chance in a new key: 190 bits.
const RANDOM: usize = 32;
const CHECKSUM: usize = 6;
/// The fewest characters after the mark, checksum included.
const MIN_SECRET: usize = 16;

/// A key as its holder sends it. It is never printed, and wiped when dropped.
#[derive(Clone)]
pub struct KeyText(Zeroizing<String>);

impl KeyText {
    /// Makes a new key of an organization.
    #[must_use]
    pub fn generate(org: &OrgSlug, ids: &dyn Ids) -> Self {
        let mut text = Zeroizing::new(format!("{org}{MARK}"));
        text.reserve_exact(RANDOM + CHECKSUM);
        let wanted = text.len() + RANDOM;
        while text.len() < wanted {
            let mut byte = [0; 1];
            ids.fill(&mut byte);
            // 248 = 4 × 62: bytes above it would favour some characters.
            if byte[0] < 248 {
                text.push(char::from(ALPHABET[usize::from(byte[0] % 62)]));
            }
        }
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Self(text)
    }

    /// Takes a text that has the form and the checksum of a key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (org, secret) = text.rsplit_once(MARK)?;
        OrgSlug::parse(org).ok()?;
        let plain = secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain || !(MIN_SECRET..=128).contains(&secret.len()) {
            return None;
        }
        let (body, found) = text.split_at(text.len() - CHECKSUM);
        (checksum(body) == found).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The key itself: for the one answer that shows it, and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its first and last four characters.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{}…{}", &self.0[..4], &self.0[self.0.len() - 4..])
    }

    /// Where the document of a key that is made now goes.
    #[must_use]
    pub fn document(&self, peppers: &Peppers) -> Key {
        Key::system(Collection::Keys, peppers.id(&self.0))
    }

    /// Where its document may be, newest pepper first.
    pub fn documents<'a>(&'a self, peppers: &'a Peppers) -> impl Iterator<Item = Key> + 'a {
        peppers.ids(&self.0).map(|id| Key::system(Collection::Keys, id))
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyText({})", self.fingerprint())
    }
}

/// The first 32 bits of a SHA-256, in base 62.
fn checksum(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let mut number = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    let mut digits = [b'0'; CHECKSUM];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(number % 62) as usize];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}
