//! Documents as Firestore keeps them.

use std::collections::HashMap;

use anyhow::Context as _;
use gcloud_sdk::{
    google::firestore::v1::{self as proto, Value, value::ValueType},
    prost_types,
};
use jiff::Timestamp;

use super::{address::Database, limits};
use crate::store::{Collection, Document, Key, StoreError, Stored, Version, cursor::read_owner};

/// Fields of every document beside the declared filters of its collection.
pub(super) const OWNER: &str = "owner";
pub(super) const ID: &str = "id";
pub(super) const DUE_AT: &str = "due_at";
pub(super) const EXPIRE_AT: &str = "expire_at";
/// The content, as JSON.
pub(super) const BODY: &str = "body";
/// Which commit wrote the document, at random: so that every write changes it, and a commit whose
/// answer was lost is known by what it left.
pub(super) const COMMIT: &str = "commit";
/// Which version the write took the place of; absent where it created the document.
pub(super) const OVER: &str = "over";

/// Fields that no query asks for: they have no index.
pub(super) const UNINDEXED: [&str; 4] = [BODY, COMMIT, OVER, EXPIRE_AT];

/// What a write leaves behind to be recognized by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    pub(super) commit: &'a str,
    pub(super) over: Option<&'a Version>,
}

/// A document to write.
pub(super) fn write(
    database: &Database,
    key: &Key,
    document: &Document,
    mark: Mark<'_>,
) -> Result<proto::Document, StoreError> {
    let declared = key.collection.filters();
    let filters = document.filters.iter().filter(|(field, _)| declared.contains(field));
    let mut fields: HashMap<String, Value> =
        filters.map(|(field, value)| ((*field).to_owned(), text(value))).collect();
    let mut set = |field: &str, value: Value| fields.insert(field.to_owned(), value);
    set(OWNER, text(key.owner.key()));
    set(ID, text(&key.id));
    set(BODY, text(document.body.to_string()));
    set(COMMIT, text(mark.commit));
    mark.over.map(|version| set(OVER, text(&version.0)));
    document.due_at.map(|at| set(DUE_AT, time(at)));
    document.expire_at.map(|at| set(EXPIRE_AT, time(at)));
    let written = proto::Document { name: database.document(key)?, fields, ..Default::default() };
    limits::document(key, &written, |field| !UNINDEXED.contains(&field))
        .map_err(StoreError::Other)?;
    Ok(written)
}

/// A document that was read.
pub(super) fn read(
    collection: Collection,
    document: &proto::Document,
) -> Result<Stored, StoreError> {
    parse(collection, document)
        .with_context(|| format!("document {} cannot be read", document.name))
        .map_err(StoreError::Other)
}

fn parse(collection: Collection, document: &proto::Document) -> anyhow::Result<Stored> {
    let required = |field| text_of(document, field).with_context(|| format!("it has no `{field}`"));
    let declared = collection.filters().iter().copied();
    Ok(Stored {
        key: Key { collection, owner: read_owner(required(OWNER)?)?, id: required(ID)?.to_owned() },
        version: document.update_time.as_ref().map(version).context("it has no version")?,
        document: Document {
            body: serde_json::from_str(required(BODY)?)?,
            filters: declared
                .filter_map(|field| Some((field, text_of(document, field)?.to_owned())))
                .collect(),
            due_at: time_of(document, DUE_AT)?,
            expire_at: time_of(document, EXPIRE_AT)?,
        },
    })
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value { value_type: Some(ValueType::StringValue(text.into())) }
}

/// To the microsecond, as Firestore keeps it.
pub(super) fn time(at: Timestamp) -> Value {
    let micros = at.as_microsecond();
    let nanos = micros.rem_euclid(1_000_000) * 1_000;
    let at = prost_types::Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: i32::try_from(nanos).unwrap_or_default(),
    };
    Value { value_type: Some(ValueType::TimestampValue(at)) }
}

pub(super) fn text_of<'a>(document: &'a proto::Document, field: &str) -> Option<&'a str> {
    match &document.fields.get(field)?.value_type {
        Some(ValueType::StringValue(text)) => Some(text),
        _ => None,
    }
}

fn time_of(document: &proto::Document, field: &str) -> anyhow::Result<Option<Timestamp>> {
    match document.fields.get(field).and_then(|value| value.value_type.as_ref()) {
        Some(ValueType::TimestampValue(at)) => Ok(Some(Timestamp::new(at.seconds, at.nanos)?)),
        _ => Ok(None),
    }
}

/// The time of a write is its version: Firestore gives no two of a document the same.
pub(super) fn version(updated: &prost_types::Timestamp) -> Version {
    Version(format!("{}.{:09}", updated.seconds, updated.nanos))
}

/// The time of a version; `None` for what was never one.
pub(super) fn updated(version: &Version) -> Option<prost_types::Timestamp> {
    let (seconds, nanos) = version.0.split_once('.')?;
    Some(prost_types::Timestamp { seconds: seconds.parse().ok()?, nanos: nanos.parse().ok()? })
}
