//! What is stored under a key.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::Key;

/// A document as it is written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    /// The content, unindexed. Members that a reader does not know are kept when it writes back.
    pub body: Value,
    /// Values of the collection's declared filters.
    pub filters: BTreeMap<&'static str, String>,
    /// The least of all reasons to come back to it.
    pub due_at: Option<Timestamp>,
    /// From when on it counts as absent. The reader judges; the backend may delete later.
    pub expire_at: Option<Timestamp>,
}

/// A version of a document: equal exactly when nothing was written in between. Opaque.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Version(pub String);

/// A document as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Where it is.
    pub key: Key,
    /// Which version this is.
    pub version: Version,
    /// What it says.
    pub document: Document,
}
