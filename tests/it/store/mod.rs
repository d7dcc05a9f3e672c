//! The store: SQLite, Firestore, and dying between two writes.

mod crash;
mod firestore;
mod sqlite;
