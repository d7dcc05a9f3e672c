//! The tables of the file: this is the store's own format, not a table of the warehouse.

use anyhow::ensure;
use rusqlite::Connection;

/// The form of the file. It is raised where a program of before could not use the file any more.
const FORM: u32 = 1;

/// Durable commits, and the two tables with their indexes.
///
/// # Errors
///
/// Fails where the file is no store, or one of a newer program.
pub(super) fn prepare(connection: &Connection) -> anyhow::Result<()> {
    let form: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    ensure!(form <= FORM, "a newer program made it; it needs that program, or a newer one still");
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit that was answered must survive a loss of power, not only of the process.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS documents (
            collection TEXT NOT NULL,
            owner      TEXT NOT NULL,
            id         TEXT NOT NULL,
            version    INTEGER NOT NULL,
            body       TEXT NOT NULL,
            filters    TEXT NOT NULL,
            due_at     INTEGER,
            expire_at  INTEGER,
            PRIMARY KEY (collection, owner, id)
         ) WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS documents_newest ON documents (collection, id);
         CREATE INDEX IF NOT EXISTS documents_due ON documents (collection, due_at)
            WHERE due_at IS NOT NULL;
         CREATE TABLE IF NOT EXISTS filters (
            collection TEXT NOT NULL,
            field      TEXT NOT NULL,
            value      TEXT NOT NULL,
            owner      TEXT NOT NULL,
            id         TEXT NOT NULL,
            PRIMARY KEY (collection, field, value, owner, id),
            FOREIGN KEY (collection, owner, id)
               REFERENCES documents (collection, owner, id) ON DELETE CASCADE
         ) WITHOUT ROWID;
         CREATE INDEX IF NOT EXISTS filters_of ON filters (collection, owner, id);
         CREATE INDEX IF NOT EXISTS filters_newest ON filters (collection, field, value, id);
         CREATE TABLE IF NOT EXISTS counter (
            one  INTEGER PRIMARY KEY CHECK (one = 1),
            last INTEGER NOT NULL
         );
         INSERT OR IGNORE INTO counter VALUES (1, 0);",
    )?;
    connection.pragma_update(None, "user_version", FORM)?;
    Ok(())
}
