//! What tells credentials apart without telling anything about them.

use convergence::{Result, providers::Fields};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

/// How many characters are shown.
const SHOWN: usize = 16;

/// The same for the same fields of the same connection, and for no others: the beginning of their
/// HMAC under the connection's id.
pub(crate) fn fingerprint(integration_id: Uuid, fields: &Fields) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(integration_id.as_bytes())
        .map_err(|error| anyhow::anyhow!("no HMAC key: {error}"))?;
    mac.update(&fields.to_bytes()?);
    let mut text = hex::encode(mac.finalize().into_bytes());
    text.truncate(SHOWN);
    Ok(text)
}
