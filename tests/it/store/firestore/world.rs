//! A database of its own for each test, with a proxy that fails on purpose before it.

use std::sync::Arc;

use convergence::{
    google::Identity,
    ids::RandomIds,
    settings::{BackendUrl, Settings},
    store::{
        Collection, Document, Key, Store as _, StoreError, Stored, Version, Write,
        firestore::FirestoreStore,
    },
};
use integration_tests::{
    TestClock,
    emulators::{self, needed},
    faults::{Fault, Faults, hurried},
};
use serde_json::json;

/// Two stores of one database.
pub(super) struct World {
    /// The one that is tested, behind the faults.
    pub(super) store: Arc<FirestoreStore>,
    /// What stands before it.
    pub(super) faults: Faults,
    /// Somebody else's, which nothing stands before.
    pub(super) other: Arc<FirestoreStore>,
    /// Where its documents are by Firestore's REST API.
    pub(super) documents: String,
}

impl World {
    /// `None` where the emulator is missing: the test says that it is skipped.
    pub(super) async fn new() -> Option<Self> {
        Self::of(&Identity::default()).await
    }

    /// One whose store gives up soon.
    pub(super) async fn hurried() -> Option<Self> {
        Self::of(&hurried()).await
    }

    async fn of(identity: &Identity) -> Option<Self> {
        let emulator = needed(emulators::firestore().await)?;
        let faults = Faults::before(emulator.host()).await;
        let project = emulators::project();
        let url = format!("firestore://{project}/(default)");
        let store = open_as(identity, &url, faults.host()).unwrap();
        let other = open(&url, emulator.host()).unwrap();
        let database = format!("projects/{project}/databases/(default)/documents");
        let documents = format!("http://{}/v1/{database}", emulator.host());
        Some(Self { store: Arc::new(store), faults, other: Arc::new(other), documents })
    }

    /// What is there now, looked at without faults.
    pub(super) async fn now(&self, id: &str) -> Option<Stored> {
        self.other.get(&key(id)).await.unwrap()
    }

    /// Creates a document without faults.
    pub(super) async fn make(&self, id: &str) -> Version {
        self.other.commit(vec![create(id, "made")]).await.unwrap().remove(0)
    }

    /// Runs a commit whose first attempt fails so, and of which nothing can be read back until
    /// `meanwhile` has run. That begins when it has been asked for.
    pub(super) async fn commit_while<F: Future<Output = ()>>(
        &self,
        first: Option<Fault>,
        writes: Vec<Write>,
        meanwhile: impl FnOnce() -> F,
    ) -> Result<Vec<Version>, StoreError> {
        self.faults.clear();
        if let Some(fault) = first {
            self.faults.nth("Commit", 0, fault);
        }
        self.faults.always("BatchGetDocuments", Fault::UNAVAILABLE);
        let store = self.store.clone();
        let commit = tokio::spawn(async move { store.commit(writes).await });
        while !self.faults.calls().iter().any(|call| call.contains("BatchGetDocuments")) {
            tokio::task::yield_now().await;
        }
        meanwhile().await;
        self.faults.clear();
        commit.await.unwrap()
    }
}

/// Opens a database on an emulator.
pub(super) fn open(url: &str, host: &str) -> anyhow::Result<FirestoreStore> {
    open_as(&Identity::default(), url, host)
}

/// The same as somebody.
fn open_as(identity: &Identity, url: &str, host: &str) -> anyhow::Result<FirestoreStore> {
    let url = backend(url, host);
    let access = identity.access(&url);
    FirestoreStore::new(&url, access, Arc::new(RandomIds::new(Arc::new(TestClock::default()))))
}

fn backend(url: &str, host: &str) -> BackendUrl {
    let variables = [("STORE_URL", url), ("FIRESTORE_EMULATOR_HOST", host)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Settings::read("convergence", &variables.into()).unwrap().backends.store
}

pub(super) fn key(id: &str) -> Key {
    Key::system(Collection::Leases, id)
}

pub(super) fn says(text: &str) -> Document {
    Document { body: json!(text), ..Document::default() }
}

pub(super) fn create(id: &str, text: &str) -> Write {
    Write::Create(key(id), says(text))
}

pub(super) fn replace(id: &str, version: &Version, text: &str) -> Write {
    Write::Replace(key(id), version.clone(), says(text))
}

pub(super) fn delete(id: &str, version: &Version) -> Write {
    Write::Delete(key(id), version.clone())
}

/// What a document says, and its version.
pub(super) fn said(stored: Option<Stored>) -> Option<(String, Version)> {
    let Stored { document, version, .. } = stored?;
    Some((document.body.as_str().unwrap().to_owned(), version))
}
