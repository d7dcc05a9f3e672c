//! What every KMS does: each backend passes these cases unchanged.

use std::sync::Arc;

use anyhow::ensure;
use futures::future::try_join_all;

use crate::vault::{Kms, KmsError, Secret, Wrapped};

/// Runs every case on a KMS with a key. A case that does not hold is an error.
///
/// # Errors
///
/// Fails where a call fails that has to succeed, and with the first case that does not hold.
pub async fn kms_suite(kms: Arc<dyn Kms>) -> anyhow::Result<()> {
    comes_back(&*kms).await?;
    belongs_to_what_it_is_bound_to(&*kms).await?;
    a_change_is_found(&*kms).await?;
    many_at_once(&kms).await
}

async fn comes_back(kms: &dyn Kms) -> anyhow::Result<()> {
    ensure!(!kms.key_name().is_empty(), "the key has no name");
    for length in [1, 32, 4096] {
        let secret = secret(length);
        let (one, two) = (kms.wrap(&secret, b"acme").await?, kms.wrap(&secret, b"acme").await?);
        ensure!(one.bytes != two.bytes, "the same twice tells that it is the same");
        ensure!(!one.bytes.windows(length).any(|part| part == secret.expose()) || length == 1);
        ensure!(!one.version.is_empty() && one.version == two.version, "{one:?} and {two:?}");
        for wrapped in [one, two] {
            ensure!(kms.unwrap(&wrapped, b"acme").await? == secret, "{length} bytes changed");
        }
    }
    Ok(())
}

async fn belongs_to_what_it_is_bound_to(kms: &dyn Kms) -> anyhow::Result<()> {
    let wrapped = kms.wrap(&secret(32), b"acme").await?;
    for bound in [&b"other"[..], b"acm", b"acmee", b"ACME", b""] {
        refused(kms, &wrapped, bound, "another's key was unwrapped").await?;
    }
    let unbound = kms.wrap(&secret(32), b"").await?;
    ensure!(kms.unwrap(&unbound, b"").await? == secret(32), "nothing is something to be bound to");
    refused(kms, &unbound, b"acme", "another's key was unwrapped").await
}

async fn a_change_is_found(kms: &dyn Kms) -> anyhow::Result<()> {
    let wrapped = kms.wrap(&secret(32), b"acme").await?;
    for at in [wrapped.bytes.len() / 2, wrapped.bytes.len() - 1] {
        let mut changed = wrapped.clone();
        changed.bytes[at] ^= 1;
        refused(kms, &changed, b"acme", "a changed key was unwrapped").await?;
    }
    for bytes in [Vec::new(), vec![0; 8], wrapped.bytes[..wrapped.bytes.len() - 1].to_vec()] {
        let cut = Wrapped { bytes, ..wrapped.clone() };
        refused(kms, &cut, b"acme", "a part of a key was unwrapped").await?;
    }
    Ok(())
}

async fn many_at_once(kms: &Arc<dyn Kms>) -> anyhow::Result<()> {
    let calls = (1..=16).map(|length| {
        let kms = kms.clone();
        tokio::spawn(async move {
            let bound = format!("owner {length}");
            let wrapped = kms.wrap(&secret(length), bound.as_bytes()).await?;
            anyhow::Ok(kms.unwrap(&wrapped, bound.as_bytes()).await? == secret(length))
        })
    });
    for same in try_join_all(calls).await? {
        ensure!(same?, "keys were mixed up");
    }
    Ok(())
}

async fn refused(
    kms: &dyn Kms,
    wrapped: &Wrapped,
    bound: &[u8],
    otherwise: &'static str,
) -> anyhow::Result<()> {
    let answer = kms.unwrap(wrapped, bound).await;
    ensure!(matches!(answer, Err(KmsError::Refused(_))), "{otherwise}: {answer:?}");
    Ok(())
}

fn secret(length: usize) -> Secret {
    Secret::new((1..=251_u8).cycle().take(length).collect::<Vec<_>>())
}
