//! The store that flows are tested over: SQLite, or Firestore's emulator with `TEST_STORE=firestore`.
//!
//! `make test` runs the tests of every flow a second time, so that what holds on one store is shown to
//! hold on the other.

use std::{path::Path, sync::Arc};

use convergence::{
    clock::Clock,
    google::Identity,
    ids::RandomIds,
    settings::{Settings, environment},
    store::{Store, firestore::FirestoreStore, sqlite::SqliteStore},
};

use crate::{TestClock, emulators};

/// Whether the store belongs to one process, whose end is known when another opens it.
#[must_use]
pub fn is_embedded() -> bool {
    environment().get("TEST_STORE").is_none_or(|store| store != "firestore")
}

/// The settings of an app's store whose files, if it has any, are in `folder`. The same folder is the
/// same store.
///
/// # Panics
///
/// Where the emulator is asked for and missing.
pub async fn settings(folder: &Path) -> Vec<(String, String)> {
    if is_embedded() {
        return Vec::new();
    }
    match emulators::firestore().await {
        Ok(emulator) => emulator.settings(&project(folder)).into(),
        Err(missing) => panic!("TEST_STORE: {missing}"),
    }
}

/// A store for a test that makes its world itself.
///
/// # Panics
///
/// Where it cannot be opened.
pub async fn store(folder: &Path) -> Arc<dyn Store> {
    let settings = settings(folder).await.into_iter().collect();
    let opened = || -> anyhow::Result<Arc<dyn Store>> {
        let url = Settings::read("convergence", &settings)?.backends.store;
        if url.scheme == "sqlite" {
            return Ok(Arc::new(SqliteStore::open(&folder.join("store.db"))?));
        }
        let clock: Arc<dyn Clock> = Arc::new(TestClock::default());
        let ids = Arc::new(RandomIds::new(clock));
        Ok(Arc::new(FirestoreStore::new(&url, Identity::default().access(&url), ids)?))
    };
    match opened() {
        Ok(store) => store,
        Err(error) => panic!("no store: {error:#}"),
    }
}

/// A project by the name of a temporary folder, which no other test has. The emulator answers capital
/// letters with an error that has no message.
fn project(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let name = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    format!("demo-{}", name.to_ascii_lowercase())
}
