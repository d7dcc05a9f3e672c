//! Reading documents.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use super::failed;
use crate::store::{Collection, Document, Key, StoreError, Stored, Version, cursor::read_owner};

/// What [`select`] reads, of `documents AS d`.
pub(super) const COLUMNS: &str =
    "d.owner, d.id, d.version, d.body, d.filters, d.due_at, d.expire_at";

/// A row of `documents` before its texts are understood.
struct Raw {
    owner: String,
    id: String,
    version: i64,
    body: String,
    filters: String,
    due_at: Option<i64>,
    expire_at: Option<i64>,
}

impl Raw {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            owner: row.get(0)?,
            id: row.get(1)?,
            version: row.get(2)?,
            body: row.get(3)?,
            filters: row.get(4)?,
            due_at: row.get(5)?,
            expire_at: row.get(6)?,
        })
    }

    fn read(self, collection: Collection) -> anyhow::Result<Stored> {
        let filters: BTreeMap<String, String> = serde_json::from_str(&self.filters)?;
        let declared = collection.filters().iter().copied();
        let time = |micros: Option<i64>| micros.map(Timestamp::from_microsecond).transpose();
        Ok(Stored {
            version: Version(self.version.to_string()),
            document: Document {
                body: serde_json::from_str(&self.body)?,
                filters: declared
                    .filter_map(|field| Some((field, filters.get(field)?.clone())))
                    .collect(),
                due_at: time(self.due_at)?,
                expire_at: time(self.expire_at)?,
            },
            key: Key { collection, owner: read_owner(&self.owner)?, id: self.id },
        })
    }
}

/// The document under a key, with the key as it was asked for.
pub(super) fn get(connection: &Connection, key: Key) -> Result<Option<Stored>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM documents AS d WHERE collection = ?1 AND owner = ?2 AND id = ?3"
    );
    let raw = connection
        .prepare_cached(&sql)
        .and_then(|mut select| {
            select
                .query_row(params![key.collection.name(), key.owner.key(), key.id], Raw::of)
                .optional()
        })
        .map_err(failed)?;
    let Some(raw) = raw else { return Ok(None) };
    let stored = raw.read(key.collection).with_context(|| format!("document {key}"))?;
    Ok(Some(Stored { key, ..stored }))
}

/// The documents that a statement finds.
pub(super) fn select(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    collection: Collection,
) -> Result<Vec<Stored>, StoreError> {
    let rows: Vec<Raw> = connection
        .prepare_cached(sql)
        .and_then(|mut select| select.query_map(values, Raw::of)?.collect())
        .map_err(failed)?;
    rows.into_iter()
        .map(|raw| raw.read(collection))
        .collect::<anyhow::Result<_>>()
        .with_context(|| format!("a document of {}", collection.name()))
        .map_err(StoreError::Other)
}
