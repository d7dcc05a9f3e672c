//! A vault over a key file and a store.

use std::{path::Path, sync::Arc};

use convergence::{
    ids::Ids,
    org::OrgSlug,
    store::{Owner, Store},
    vault::{DataKey, FileKms, Secret, Vault},
};
use integration_tests::{TestClock, TestIds, stores};
use tempfile::TempDir;

pub(super) const SECRET: &[u8] = b"sk-live-1234567890";

pub(super) struct Safe {
    pub(super) vault: Vault,
    pub(super) store: Arc<dyn Store>,
    pub(super) folder: TempDir,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) clock: Arc<TestClock>,
}

impl Safe {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::default());
        let ids: Arc<dyn Ids> = Arc::new(TestIds::new(clock.clone()));
        let store = stores::store(folder.path()).await;
        let vault = vault(folder.path(), &store, &clock, &ids);
        Self { vault, store, folder, ids, clock }
    }

    /// The vault after a restart: nothing is remembered.
    pub(super) fn again(&self) -> Vault {
        vault(self.folder.path(), &self.store, &self.clock, &self.ids)
    }

    pub(super) async fn new_data_key(&self, owner: &Owner) -> DataKey {
        let (key, write) = self.vault.new_data_key(owner).await.unwrap();
        self.store.commit(vec![write]).await.unwrap();
        key
    }
}

pub(super) fn vault(
    folder: &Path,
    store: &Arc<dyn Store>,
    clock: &Arc<TestClock>,
    ids: &Arc<dyn Ids>,
) -> Vault {
    let kms = FileKms::open(&folder.join("kms.key"), true, ids.clone()).unwrap();
    Vault::new(Arc::new(kms), store.clone(), clock.clone(), ids.clone())
}

pub(super) fn owner(slug: &str) -> Owner {
    Owner::Org(OrgSlug::parse(slug).unwrap())
}

pub(super) fn secret() -> Secret {
    Secret::new(SECRET.to_vec())
}
