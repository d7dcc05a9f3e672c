//! Pages of documents: lists, and what is due.

use jiff::Timestamp;
use rusqlite::{Connection, ToSql, params_from_iter, types::Value};

use super::{
    failed,
    read::{COLUMNS, select},
};
use crate::store::{
    Collection, List, Page, PageRequest, StoreError,
    cursor::{DueUntil, ListedUntil, page},
};

/// What a list walks in order, and the conditions on that.
struct Walk {
    from: &'static str,
    owner: &'static str,
    after: &'static str,
    order: &'static str,
}

/// A list without filters walks the documents themselves.
const DOCUMENTS: Walk = Walk {
    from: "documents AS d WHERE d.collection = ?",
    owner: " AND d.owner = ?",
    after: " AND (d.id, d.owner) < (?, ?)",
    order: " ORDER BY d.id DESC, d.owner DESC LIMIT ?",
};
/// One with filters walks the index of the first (SQLite keeps to the order of a CROSS JOIN), so
/// that it never looks at a document that is not asked for.
const INDEX: Walk = Walk {
    from: "filters AS i CROSS JOIN documents AS d USING (collection, owner, id)
        WHERE i.collection = ? AND i.field = ? AND i.value = ?",
    owner: " AND i.owner = ?",
    after: " AND (i.id, i.owner) < (?, ?)",
    order: " ORDER BY i.id DESC, i.owner DESC LIMIT ?",
};
/// Of those, it keeps what the other filters have too.
const ALSO: &str = " AND EXISTS (SELECT 1 FROM filters AS f WHERE f.collection = i.collection
    AND f.field = ? AND f.value = ? AND f.owner = i.owner AND f.id = i.id)";

/// A statement, and what stands for its question marks.
struct Statement {
    sql: String,
    values: Vec<Value>,
}

/// Newest id first; the cursor is the id and owner of the last document of the page before.
pub(super) fn list(connection: &Connection, query: &List) -> Result<Page, StoreError> {
    let Statement { sql, values } = listing(query)?;
    let found = select(connection, &sql, params_from_iter(values), query.collection)?;
    Ok(page(found, query.page.limit, ListedUntil::write))
}

/// How SQLite would find a list, a line for each step.
pub(super) fn explain(connection: &Connection, query: &List) -> Result<Vec<String>, StoreError> {
    let Statement { sql, values } = listing(query)?;
    connection
        .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
        .and_then(|mut plan| {
            plan.query_map(params_from_iter(values), |row| row.get("detail"))?.collect()
        })
        .map_err(failed)
}

fn listing(query: &List) -> Result<Statement, StoreError> {
    query.check()?;
    let collection = query.collection.name();
    let walk = if query.filters.is_empty() { DOCUMENTS } else { INDEX };
    let mut sql = format!("SELECT {COLUMNS} FROM {}", walk.from);
    let mut values: Vec<Value> = vec![collection.to_owned().into()];
    for (at, (field, value)) in query.filters.iter().enumerate() {
        sql += if at == 0 { "" } else { ALSO };
        values.extend([(*field).to_owned().into(), value.clone().into()]);
    }
    if let Some(owner) = &query.owner {
        sql += walk.owner;
        values.push(owner.key().into());
    }
    if let Some(after) = &query.page.after {
        let ListedUntil { id, owner } = ListedUntil::read(after)?;
        sql += walk.after;
        values.extend([id.into(), owner.key().into()]);
    }
    sql += walk.order;
    values.push(limit(&query.page).into());
    Ok(Statement { sql, values })
}

/// Most overdue first; the cursor is the time, id and owner of the last document of the page before.
pub(super) fn due(
    connection: &Connection,
    collection: Collection,
    until: Timestamp,
    request: &PageRequest,
) -> Result<Page, StoreError> {
    let (name, until, limit) = (collection.name(), until.as_microsecond(), limit(request));
    let after = request.after.as_deref().map(DueUntil::read).transpose()?;
    let after = after.map(|it| (it.at.as_microsecond(), it.last.id, it.last.owner.key()));
    let mut sql =
        format!("SELECT {COLUMNS} FROM documents AS d WHERE collection = ? AND due_at <= ?");
    let mut values: Vec<&dyn ToSql> = vec![&name, &until];
    if let Some((at, id, owner)) = &after {
        sql += " AND (due_at, id, owner) > (?, ?, ?)";
        values.extend([at as &dyn ToSql, id, owner]);
    }
    sql += " ORDER BY due_at, id, owner LIMIT ?";
    values.push(&limit);
    let found = select(connection, &sql, &*values, collection)?;
    Ok(page(found, request.limit, DueUntil::write))
}

/// One more than asked for tells whether there is a next page.
fn limit(page: &PageRequest) -> i64 {
    i64::try_from(page.limit).unwrap_or(i64::MAX - 1).saturating_add(1)
}
