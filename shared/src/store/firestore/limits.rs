//! What Firestore takes at most: <https://cloud.google.com/firestore/quotas>.
//!
//! They are looked at before anything is sent, so that the refusal says which document it is. The
//! number of writes of a commit has no limit any more, only its size.

use anyhow::ensure;
use gcloud_sdk::{
    google::firestore::v1::{CommitRequest, Document, Value, value::ValueType},
    prost::Message as _,
};

use crate::store::Key;

/// Bytes of a document's id, and of a value by which documents are found: indexes cut off the rest.
const NAME: usize = 1_500;
/// Bytes of a document, names of fields included.
const DOCUMENT: usize = 1_048_576;
/// Bytes of one value.
const VALUE: usize = 1_048_487;
/// Bytes of a commit, as it is sent.
const COMMIT: usize = 10 * 1_048_576;

pub(super) fn name(id: &str) -> anyhow::Result<()> {
    let bytes = id.len();
    ensure!(bytes <= NAME, "the id `{id:.40}…` has {bytes} bytes; Firestore takes {NAME}");
    Ok(())
}

/// Checks a document; `found_by` tells the fields that are indexed.
pub(super) fn document(
    key: &Key,
    document: &Document,
    found_by: impl Fn(&str) -> bool,
) -> anyhow::Result<()> {
    for (field, value) in &document.fields {
        let (bytes, most) = (size(value), if found_by(field) { NAME } else { VALUE });
        ensure!(bytes <= most, "`{field}` of {key} has {bytes} bytes; Firestore takes {most}");
    }
    let fields: usize = document.fields.iter().map(|(name, it)| name.len() + 1 + size(it)).sum();
    let bytes = document.name.len() + 16 + 32 + fields;
    ensure!(bytes <= DOCUMENT, "{key} has {bytes} bytes; Firestore takes {DOCUMENT}");
    Ok(())
}

pub(super) fn commit(request: &CommitRequest) -> anyhow::Result<()> {
    let (bytes, writes) = (request.encoded_len(), request.writes.len());
    ensure!(bytes <= COMMIT, "{writes} writes have {bytes} bytes; Firestore takes {COMMIT}");
    Ok(())
}

/// As Firestore counts: <https://cloud.google.com/firestore/docs/storage-size>.
fn size(value: &Value) -> usize {
    match &value.value_type {
        Some(ValueType::StringValue(text)) => text.len() + 1,
        _ => 8,
    }
}
