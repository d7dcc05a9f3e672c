//! The two calls of the REST API that are used: `:encrypt` and `:decrypt`.
//! <https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys>

use std::sync::{Arc, Mutex, PoisonError};

use axum::{body::Bytes, extract::State, response::IntoResponse};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{StatusCode, Uri, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Damage, ring::Ring};

/// A refusal: status, its name at Google, message.
type Refusal = (u16, &'static str, String);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    #[serde(default)]
    plaintext: String,
    #[serde(default)]
    ciphertext: String,
    #[serde(default)]
    additional_authenticated_data: String,
    plaintext_crc32c: Option<Value>,
    ciphertext_crc32c: Option<Value>,
    additional_authenticated_data_crc32c: Option<Value>,
}

pub(super) async fn answer(
    State(ring): State<Arc<Mutex<Ring>>>,
    uri: Uri,
    body: Bytes,
) -> impl IntoResponse {
    let mut ring = ring.lock().unwrap_or_else(PoisonError::into_inner);
    ring.requests += 1;
    let (status, answer) = match called(&mut ring, uri.path(), &body) {
        Ok(answer) => (StatusCode::OK, answer),
        Err((code, status, message)) => (
            StatusCode::from_u16(code).unwrap_or_default(),
            json!({"error": {"code": code, "status": status, "message": message}}),
        ),
    };
    (status, [(CONTENT_TYPE, "application/json")], answer.to_string())
}

fn called(ring: &mut Ring, path: &str, body: &[u8]) -> Result<Value, Refusal> {
    let asked = path.strip_prefix("/v1/").and_then(|it| it.rsplit_once(':'));
    let Some((name, verb)) = asked.filter(|(name, _)| *name == ring.key) else {
        return Err((404, "NOT_FOUND", format!("{path} not found.")));
    };
    let asked: Asked = serde_json::from_slice(body).map_err(|error| invalid(error.to_string()))?;
    let bound = checked(
        "additional_authenticated_data",
        &asked.additional_authenticated_data,
        asked.additional_authenticated_data_crc32c.as_ref(),
    )?;
    match verb {
        "encrypt" => encrypt(ring, name, &asked, &bound),
        "decrypt" => decrypt(ring, &asked, &bound),
        _ => Err((404, "NOT_FOUND", format!("no method {verb}"))),
    }
}

fn encrypt(ring: &mut Ring, name: &str, asked: &Asked, bound: &[u8]) -> Result<Value, Refusal> {
    let plain = checked("plaintext", &asked.plaintext, asked.plaintext_crc32c.as_ref())?;
    enabled(ring, ring.primary)?;
    let text = ring.encrypt(&plain, bound).ok_or_else(|| invalid("no text".to_owned()))?;
    let verified = ring.damage != Damage::Unverified;
    Ok(json!({
        "name": format!("{name}/cryptoKeyVersions/{}", ring.primary),
        "ciphertext": damaged(ring.damage, &text),
        "ciphertextCrc32c": crc32c::crc32c(&text).to_string(),
        "verifiedPlaintextCrc32c": verified && asked.plaintext_crc32c.is_some(),
        "verifiedAdditionalAuthenticatedDataCrc32c":
            verified && asked.additional_authenticated_data_crc32c.is_some(),
        "protectionLevel": "SOFTWARE",
    }))
}

fn decrypt(ring: &Ring, asked: &Asked, bound: &[u8]) -> Result<Value, Refusal> {
    let text = checked("ciphertext", &asked.ciphertext, asked.ciphertext_crc32c.as_ref())?;
    let wrong = || invalid("Decryption failed: the ciphertext is invalid.".to_owned());
    let version = Ring::version_of(&text).filter(|it| (1..=ring.primary).contains(it));
    let version = version.ok_or_else(wrong)?;
    enabled(ring, version)?;
    let plain = Ring::decrypt(&text, bound).ok_or_else(wrong)?;
    Ok(json!({
        "plaintext": damaged(ring.damage, &plain),
        "plaintextCrc32c": crc32c::crc32c(&plain).to_string(),
        "usedPrimary": version == ring.primary,
        "protectionLevel": "SOFTWARE",
    }))
}

/// The bytes of a field, if its checksum is right or there is none.
fn checked(field: &str, text: &str, sum: Option<&Value>) -> Result<Vec<u8>, Refusal> {
    let bytes =
        BASE64_STANDARD.decode(text).map_err(|error| invalid(format!("{field}: {error}")))?;
    // An int64 is a text in JSON; a number is taken as well.
    let sum = sum.map(|sum| sum.as_str().map_or_else(|| sum.to_string(), str::to_owned));
    if sum.is_some_and(|sum| sum != crc32c::crc32c(&bytes).to_string()) {
        let message = format!("The checksum in field {field}_crc32c did not match the data.");
        return Err(invalid(message));
    }
    Ok(bytes)
}

fn enabled(ring: &Ring, version: u32) -> Result<(), Refusal> {
    if !ring.disabled.contains(&version) {
        return Ok(());
    }
    let message = format!("{}/cryptoKeyVersions/{version} is not enabled.", ring.key);
    Err((400, "FAILED_PRECONDITION", message))
}

fn damaged(damage: Damage, bytes: &[u8]) -> String {
    let mut bytes = bytes.to_vec();
    if let (Damage::Bit, Some(last)) = (damage, bytes.last_mut()) {
        *last ^= 1;
    }
    BASE64_STANDARD.encode(bytes)
}

fn invalid(message: String) -> Refusal {
    (400, "INVALID_ARGUMENT", message)
}
