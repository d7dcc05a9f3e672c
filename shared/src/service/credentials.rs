//! The secrets that credentials are checked against: set, or in development made once and kept.

use std::sync::Arc;

use anyhow::anyhow;
use zeroize::Zeroizing;

use crate::{
    auth::{
        Credentials, Peppers, RootKey,
        oidc::{Jwks, LocalIssuer, Remote, Verifier},
    },
    clock::Clock,
    ids::Ids,
    settings::{Oidc, Settings, keyfile},
};

/// Reads what is set and makes what may be made.
pub(super) fn open(
    settings: &Settings,
    ids: &dyn Ids,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<(Credentials, Option<Arc<LocalIssuer>>)> {
    let (oidc, issuer) = verifier(settings, ids, clock)?;
    let credentials =
        Credentials { root: root_key(settings, ids)?, peppers: peppers(settings, ids)?, oidc };
    Ok((credentials, issuer))
}

/// The root key of a development machine stands in `{DATA_DIR}/root.key`.
fn root_key(settings: &Settings, ids: &dyn Ids) -> anyhow::Result<Option<RootKey>> {
    if !settings.auth.serves_root || settings.auth.root_key.is_some() {
        return Ok(settings.auth.root_key.clone());
    }
    let text = secret(settings, "root.key", ids, |secret| secret)?;
    RootKey::new(&text).map(Some).map_err(|error| anyhow!("root.key: {error}"))
}

fn peppers(settings: &Settings, ids: &dyn Ids) -> anyhow::Result<Peppers> {
    if let Some(peppers) = &settings.auth.peppers {
        return Ok(peppers.clone());
    }
    let first = |secret: Zeroizing<String>| Zeroizing::new(format!("1:{}", *secret));
    let text = secret(settings, "hash.key", ids, first)?;
    Peppers::parse(&text).map_err(|error| anyhow!("hash.key: {error}"))
}

fn secret(
    settings: &Settings,
    file: &str,
    ids: &dyn Ids,
    written: impl FnOnce(Zeroizing<String>) -> Zeroizing<String>,
) -> anyhow::Result<Zeroizing<String>> {
    let path = settings.environment.data_dir.join(file);
    if settings.auth.make_missing {
        keyfile::read_or_make(&path, || written(keyfile::random_secret(ids)))
    } else {
        keyfile::read(&path)
    }
}

/// An embedded queue delivers with tokens of an issuer in this process; else the one that is set.
fn verifier(
    settings: &Settings,
    ids: &dyn Ids,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<(Verifier, Option<Arc<LocalIssuer>>)> {
    if settings.backends.queue.scheme == "local" {
        let issuer = Arc::new(LocalIssuer::new(clock.clone(), ids)?);
        return Ok((Verifier::Local(issuer.clone()), Some(issuer)));
    }
    let Some(oidc) = settings.auth.oidc.clone() else { return Ok((Verifier::Nobody, None)) };
    let Oidc { issuer, audience, jwks_url, signature, push, schedule } = oidc;
    let keys = Jwks::new(&jwks_url);
    let remote = Remote { issuer, audience, keys, signature, push, schedule };
    Ok((Verifier::Remote(Box::new(remote)), None))
}
