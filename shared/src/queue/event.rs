//! CloudEvents around a push, as Eventarc sends them, so that a function also runs behind a trigger.
//!
//! <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md>

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::Value;

use super::envelope::Envelope;
use crate::Error;

/// The only event that carries a message; its data is the envelope of a push.
const PUBLISHED: &str = "google.cloud.pubsub.topic.v1.messagePublished";
const STRUCTURED: &str = "application/cloudevents+json";
/// Of any content type of CloudEvents: structured, batched, in JSON or not.
const EVENTS: &str = "application/cloudevents";

/// An event: of structured mode whole, of binary mode what the headers say.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    specversion: String,
    #[serde(rename = "type")]
    kind: String,
    id: String,
    source: String,
    data: Option<Value>,
    data_base64: Option<String>,
}

/// The envelope in a request, whichever way it was sent.
pub(super) fn envelope(headers: &HeaderMap, body: &[u8]) -> Result<Envelope, Error> {
    let kind = text(headers, CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default();
    match kind.trim().to_ascii_lowercase().as_str() {
        STRUCTURED => structured(body),
        other if other.starts_with(EVENTS) => Err(Error::UnsupportedMediaType(format!(
            "send events one at a time, as `{STRUCTURED}` or in binary mode; not as `{other}`"
        ))),
        _ if headers.contains_key("ce-specversion") => {
            Event::of_headers(headers).check()?;
            Envelope::read(body)
        }
        _ => Envelope::read(body),
    }
}

fn structured(body: &[u8]) -> Result<Envelope, Error> {
    let event: Event = serde_json::from_slice(body)
        .map_err(|error| Error::Malformed(format!("not a CloudEvent: {error}")))?;
    event.check()?;
    match (event.data, event.data_base64) {
        (Some(data), None) => Envelope::from_value(data),
        (None, Some(text)) => {
            let wrong = |error| Error::Malformed(format!("data_base64 is not base64: {error}"));
            Envelope::read(&BASE64_STANDARD.decode(text).map_err(wrong)?)
        }
        _ => Err(Error::Malformed("a CloudEvent has `data` or `data_base64`".to_owned())),
    }
}

impl Event {
    fn of_headers(headers: &HeaderMap) -> Self {
        let text = |name: &str| text(headers, name).to_owned();
        Self {
            specversion: text("ce-specversion"),
            kind: text("ce-type"),
            id: text("ce-id"),
            source: text("ce-source"),
            ..Self::default()
        }
    }

    /// An event of another type would be another trigger's: it says so, and changes nothing.
    fn check(&self) -> Result<(), Error> {
        if self.specversion != "1.0" {
            return Err(Error::invalid("specversion", "send CloudEvents of version 1.0"));
        }
        if self.id.is_empty() || self.source.is_empty() {
            return Err(Error::invalid("id", "a CloudEvent has an `id` and a `source`"));
        }
        if self.kind != PUBLISHED {
            let message = format!("this path takes `{PUBLISHED}` only, not `{}`", self.kind);
            return Err(Error::invalid("type", message));
        }
        Ok(())
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
