//! Reading documents, and pages of them.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use super::failed;
use crate::{
    org::OrgSlug,
    store::{
        Collection, Document, Key, List, Owner, Page, PageRequest, StoreError, Stored, Version,
    },
};

const COLUMNS: &str = "owner, id, version, body, filters, due_at, expire_at";

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
            key: Key { collection, owner: owner(&self.owner)?, id: self.id },
        })
    }
}

fn owner(text: &str) -> anyhow::Result<Owner> {
    if text == "-" { Ok(Owner::System) } else { Ok(Owner::Org(OrgSlug::parse(text)?)) }
}

/// The document under a key, with the key as it was asked for.
pub(super) fn get(connection: &Connection, key: Key) -> Result<Option<Stored>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM documents WHERE collection = ?1 AND owner = ?2 AND id = ?3");
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

/// Newest id first; the cursor is the id and owner of the last document of the page before.
pub(super) fn list(connection: &Connection, query: &List) -> Result<Page, StoreError> {
    let collection = query.collection.name();
    let owner = query.owner.as_ref().map(Owner::key);
    let after = query.page.after.as_deref().map(split).transpose()?;
    let limit = limit(&query.page);
    let mut sql = format!("SELECT {COLUMNS} FROM documents AS d WHERE collection = ?");
    let mut values: Vec<&dyn ToSql> = vec![&collection];
    if let Some(owner) = &owner {
        sql += " AND owner = ?";
        values.push(owner);
    }
    for (field, value) in &query.filters {
        if !query.collection.filters().contains(field) {
            return Err(StoreError::Other(anyhow!("{collection} has no filter `{field}`")));
        }
        sql += " AND EXISTS (SELECT 1 FROM filters AS f WHERE f.collection = d.collection
                  AND f.owner = d.owner AND f.id = d.id AND f.field = ? AND f.value = ?)";
        values.push(field);
        values.push(value);
    }
    if let Some((id, owner)) = &after {
        sql += " AND (id, owner) < (?, ?)";
        values.push(id);
        values.push(owner);
    }
    sql += " ORDER BY id DESC, owner DESC LIMIT ?";
    values.push(&limit);
    let cursor = |stored: &Stored| format!("{}\u{1f}{}", stored.key.id, stored.key.owner.key());
    let found = select(connection, &sql, &values, query.collection)?;
    Ok(page(found, query.page.limit, cursor))
}

/// Most overdue first; the cursor is the time, id and owner of the last document of the page before.
pub(super) fn due(
    connection: &Connection,
    collection: Collection,
    until: Timestamp,
    request: &PageRequest,
) -> Result<Page, StoreError> {
    let (name, until, limit) = (collection.name(), until.as_microsecond(), limit(request));
    let after = request.after.as_deref().map(split_due).transpose()?;
    let mut sql = format!("SELECT {COLUMNS} FROM documents WHERE collection = ? AND due_at <= ?");
    let mut values: Vec<&dyn ToSql> = vec![&name, &until];
    if let Some((at, id, owner)) = &after {
        sql += " AND (due_at, id, owner) > (?, ?, ?)";
        values.extend([at as &dyn ToSql, id, owner]);
    }
    sql += " ORDER BY due_at, id, owner LIMIT ?";
    values.push(&limit);
    let cursor = |stored: &Stored| {
        let at = stored.document.due_at.map(Timestamp::as_microsecond).unwrap_or_default();
        format!("{at}\u{1f}{}\u{1f}{}", stored.key.id, stored.key.owner.key())
    };
    let found = select(connection, &sql, &values, collection)?;
    Ok(page(found, request.limit, cursor))
}

/// One more than asked for tells whether there is a next page.
fn limit(page: &PageRequest) -> i64 {
    i64::try_from(page.limit).unwrap_or(i64::MAX - 1).saturating_add(1)
}

fn select(
    connection: &Connection,
    sql: &str,
    values: &[&dyn ToSql],
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

/// What was asked for, and where to go on when there was one more.
fn page(mut items: Vec<Stored>, limit: usize, cursor: impl Fn(&Stored) -> String) -> Page {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(cursor);
    Page { items, next }
}

fn split(cursor: &str) -> Result<(String, String), StoreError> {
    cursor
        .split_once('\u{1f}')
        .map(|(id, owner)| (id.to_owned(), owner.to_owned()))
        .ok_or_else(|| StoreError::Other(anyhow!("a cursor that this store did not give")))
}

fn split_due(cursor: &str) -> Result<(i64, String, String), StoreError> {
    let (at, rest) = split(cursor)?;
    let (id, owner) = split(&rest)?;
    let at = at.parse().map_err(|_| StoreError::Other(anyhow!("a cursor of another list")))?;
    Ok((at, id, owner))
}
