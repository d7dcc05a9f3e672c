//! A key and its versions.

use std::collections::BTreeSet;

use aes_gcm::{
    Aes256Gcm,
    aead::{Aead as _, KeyInit as _, Payload},
};

use super::Damage;

const NONCE: usize = 12;

#[derive(Debug)]
pub(super) struct Ring {
    pub(super) key: String,
    pub(super) primary: u32,
    pub(super) disabled: BTreeSet<u32>,
    pub(super) damage: Damage,
    pub(super) requests: usize,
    nonces: u64,
}

impl Ring {
    pub(super) fn new(key: String) -> Self {
        let (disabled, damage) = (BTreeSet::new(), Damage::None);
        Self { key, primary: 1, disabled, damage, requests: 0, nonces: 0 }
    }

    /// The version, a nonce that was never used, and the text.
    pub(super) fn encrypt(&mut self, plain: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
        self.nonces += 1;
        let mut nonce = [0; NONCE];
        nonce[..8].copy_from_slice(&self.nonces.to_le_bytes());
        let payload = Payload { msg: plain, aad: bound };
        let text = cipher(self.primary)?.encrypt(&nonce.into(), payload).ok()?;
        Some([&self.primary.to_be_bytes()[..], &nonce, &text].concat())
    }

    pub(super) fn version_of(text: &[u8]) -> Option<u32> {
        Some(u32::from_be_bytes(*text.first_chunk()?))
    }

    pub(super) fn decrypt(text: &[u8], bound: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = text.split_first_chunk::<4>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: text, aad: bound };
        cipher(u32::from_be_bytes(*version))?.decrypt(&(*nonce).into(), payload).ok()
    }
}

/// Each version has a key of its own. That everybody can read it here is all that is fake.
fn cipher(version: u32) -> Option<Aes256Gcm> {
    let key: Vec<u8> = version.to_be_bytes().repeat(8);
    Aes256Gcm::new_from_slice(&key).ok()
}
