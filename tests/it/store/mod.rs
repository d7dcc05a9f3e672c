//! The store: SQLite, and dying between two writes.

mod crash;
mod sqlite;
