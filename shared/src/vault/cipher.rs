//! AES-256-GCM with a nonce in front of its text.

use aes_gcm::{
    Aes256Gcm,
    aead::{Aead as _, KeyInit as _, Payload},
};
use anyhow::{Context as _, anyhow};
use zeroize::Zeroizing;

use super::Secret;
use crate::ids::Ids;

/// Bytes of a key.
pub(super) const KEY: usize = 32;
/// Bytes of a nonce. Random ones are safe for 2³² texts under one key; rotation is long before.
const NONCE: usize = 12;

/// A new key.
pub(super) fn new_key(ids: &dyn Ids) -> Secret {
    let mut key = Zeroizing::new(vec![0; KEY]);
    ids.fill(&mut key);
    Secret::new(key)
}

/// Encrypts and authenticates; `bound` is authenticated too and has to be the same to decrypt.
///
/// # Errors
///
/// Fails for a key of another length.
pub(super) fn encrypt(
    key: &Secret,
    plain: &Secret,
    bound: &[u8],
    ids: &dyn Ids,
) -> anyhow::Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    ids.fill(&mut nonce);
    let payload = Payload { msg: plain.expose(), aad: bound };
    let text = cipher(key)?.encrypt(&nonce.into(), payload);
    let text = text.map_err(|_| anyhow!("a secret could not be encrypted"))?;
    Ok([&nonce[..], &text].concat())
}

/// What [`encrypt`] encrypted, if key, text and `bound` belong together.
///
/// # Errors
///
/// Fails otherwise, and does not say which of them is wrong.
pub(super) fn decrypt(key: &Secret, text: &[u8], bound: &[u8]) -> anyhow::Result<Secret> {
    let (nonce, text) = text.split_first_chunk::<NONCE>().context("a sealed text is too short")?;
    let payload = Payload { msg: text, aad: bound };
    let plain = cipher(key)?.decrypt(&(*nonce).into(), payload);
    plain.map(Secret::new).map_err(|_| anyhow!("a sealed text does not belong to its key or owner"))
}

/// Texts as one, so that no two lists of texts are the same: each follows its length.
pub(super) fn bound(parts: &[&str]) -> Vec<u8> {
    parts.iter().flat_map(|part| format!("{}:{part};", part.len()).into_bytes()).collect()
}

fn cipher(key: &Secret) -> anyhow::Result<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key.expose()).map_err(|_| anyhow!("a key has {KEY} bytes"))
}
