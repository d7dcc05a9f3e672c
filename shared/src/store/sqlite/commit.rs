//! Conditional writes, all or none.

use anyhow::Context as _;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::failed;
use crate::store::{Document, Key, StoreError, Version, Write};

/// Does all writes in one transaction, each under a new version.
pub(super) fn commit(
    connection: &mut Connection,
    writes: &[Write],
) -> Result<Vec<Version>, StoreError> {
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let versions =
        writes.iter().map(|write| apply(&transaction, write)).collect::<Result<_, _>>()?;
    transaction.commit().map_err(failed)?;
    Ok(versions)
}

fn apply(transaction: &Transaction<'_>, write: &Write) -> Result<Version, StoreError> {
    match write {
        Write::Create(key, document) => create(transaction, key, document),
        Write::Replace(key, version, document) => {
            delete(transaction, key, version)?;
            create(transaction, key, document)
        }
        Write::Delete(key, version) => {
            delete(transaction, key, version)?;
            Ok(Version::default())
        }
    }
}

fn create(
    transaction: &Transaction<'_>,
    key: &Key,
    document: &Document,
) -> Result<Version, StoreError> {
    let version = next_version(transaction)?;
    let filters = serde_json::to_string(&document.filters).context("cannot write filters")?;
    let micros = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_microsecond);
    let written = transaction
        .prepare_cached("INSERT OR IGNORE INTO documents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .and_then(|mut insert| {
            insert.execute(params![
                key.collection.name(),
                key.owner.key(),
                key.id,
                version,
                document.body.to_string(),
                filters,
                micros(document.due_at),
                micros(document.expire_at),
            ])
        })
        .map_err(failed)?;
    if written == 0 {
        return Err(StoreError::Conflict(key.clone()));
    }
    index(transaction, key, document)?;
    Ok(Version(version.to_string()))
}

/// Writes down the values of the collection's declared filters.
fn index(transaction: &Transaction<'_>, key: &Key, document: &Document) -> Result<(), StoreError> {
    let declared = key.collection.filters();
    for (field, value) in document.filters.iter().filter(|(field, _)| declared.contains(field)) {
        transaction
            .prepare_cached("INSERT INTO filters VALUES (?1, ?2, ?3, ?4, ?5)")
            .and_then(|mut insert| {
                insert.execute(params![
                    key.collection.name(),
                    field,
                    value,
                    key.owner.key(),
                    key.id
                ])
            })
            .map_err(failed)?;
    }
    Ok(())
}

fn delete(transaction: &Transaction<'_>, key: &Key, version: &Version) -> Result<(), StoreError> {
    let deleted = transaction
        .prepare_cached(
            "DELETE FROM documents
             WHERE collection = ?1 AND owner = ?2 AND id = ?3 AND CAST(version AS TEXT) = ?4",
        )
        .and_then(|mut delete| {
            delete.execute(params![key.collection.name(), key.owner.key(), key.id, version.0])
        })
        .map_err(failed)?;
    if deleted == 0 { Err(StoreError::Conflict(key.clone())) } else { Ok(()) }
}

/// Versions never repeat, not even for a document that was deleted and made again.
fn next_version(transaction: &Transaction<'_>) -> Result<i64, StoreError> {
    transaction
        .query_row("UPDATE counter SET last = last + 1 RETURNING last", [], |row| row.get(0))
        .map_err(failed)
}
