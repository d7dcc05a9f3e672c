//! Stand-ins of Google Cloud's services, started when the first test needs them.
//!
//! `scripts/emulators` brings them. Each runs once per test process, on free ports of this machine,
//! and ends with it, however it ends. Tests are kept apart by [`project`], or by buckets.

mod bigquery;
mod firestore;
mod part;
mod ports;
mod pubsub;
mod server;
mod storage;

use std::sync::atomic::{AtomicU32, Ordering};

pub use self::{
    bigquery::{BigQuery, bigquery},
    firestore::{Firestore, firestore},
    part::{Skipped, needed, part},
    pubsub::{PubSub, pubsub},
    storage::{Storage, storage},
};

/// The id of a project that no other test uses: nothing of one project is seen in another.
#[must_use]
pub fn project() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("demo-{}", LAST.fetch_add(1, Ordering::Relaxed) + 1)
}
