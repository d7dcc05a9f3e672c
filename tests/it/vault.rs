//! The vault: what it seals opens for its owner, provider and name only, and is never shown.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use convergence::{
    ids::Ids,
    org::OrgSlug,
    store::{Owner, Store, StoreExt as _},
    vault::{DataKey, FileKms, Kms as _, Sealed, Secret, Vault},
};
use integration_tests::{TestClock, TestIds, stores};
use proptest::prelude::*;
use tempfile::TempDir;

const SECRET: &[u8] = b"sk-live-1234567890";

struct Safe {
    vault: Vault,
    store: Arc<dyn Store>,
    folder: TempDir,
    ids: Arc<dyn Ids>,
    clock: Arc<TestClock>,
}

impl Safe {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::default());
        let ids: Arc<dyn Ids> = Arc::new(TestIds::new(clock.clone()));
        let store = stores::store(folder.path()).await;
        let vault = vault(folder.path(), &store, &clock, &ids);
        Self { vault, store, folder, ids, clock }
    }

    /// The vault after a restart: nothing is remembered.
    fn again(&self) -> Vault {
        vault(self.folder.path(), &self.store, &self.clock, &self.ids)
    }

    async fn new_data_key(&self, owner: &Owner) -> DataKey {
        let (key, write) = self.vault.new_data_key(owner).await.unwrap();
        self.store.commit(vec![write]).await.unwrap();
        key
    }
}

fn vault(
    folder: &Path,
    store: &Arc<dyn Store>,
    clock: &Arc<TestClock>,
    ids: &Arc<dyn Ids>,
) -> Vault {
    let kms = FileKms::open(&folder.join("kms.key"), true, ids.clone()).unwrap();
    Vault::new(Arc::new(kms), store.clone(), clock.clone(), ids.clone())
}

fn owner(slug: &str) -> Owner {
    Owner::Org(OrgSlug::parse(slug).unwrap())
}

fn secret() -> Secret {
    Secret::new(SECRET.to_vec())
}

#[tokio::test]
async fn what_is_sealed_opens_for_the_same_owner_provider_and_name_only() {
    let safe = Safe::new().await;
    for slug in ["acme", "other"] {
        safe.new_data_key(&owner(slug)).await;
    }
    let acme = owner("acme");
    let sealed = safe.vault.seal(&acme, ("openai", "default"), &secret()).await.unwrap();
    let opened = safe.vault.open(&acme, ("openai", "default"), &sealed).await.unwrap();
    assert_eq!(opened, secret());
    let wrong = [
        (owner("other"), ("openai", "default")),
        (acme.clone(), ("anthropic", "default")),
        (acme.clone(), ("openai", "second")),
        (acme.clone(), ("openaidefault", "")),
    ];
    for (owner, of) in wrong {
        assert!(safe.vault.open(&owner, of, &sealed).await.is_err(), "{of:?}");
    }
    assert!(safe.vault.open(&Owner::System, ("openai", "default"), &sealed).await.is_err());
}

#[tokio::test]
async fn a_changed_text_does_not_open() {
    let safe = Safe::new().await;
    safe.new_data_key(&owner("acme")).await;
    let sealed = safe.vault.seal(&owner("acme"), ("openai", "a"), &secret()).await.unwrap();
    let mut value = serde_json::to_value(&sealed).unwrap();
    let text = value["text"].as_str().unwrap().to_owned();
    let other = if text.starts_with('A') { "B" } else { "A" };
    for changed in
        [format!("{other}{}", &text[1..]), String::new(), "AAAA".to_owned(), "!".to_owned()]
    {
        value["text"] = changed.into();
        let changed: Sealed = serde_json::from_value(value.clone()).unwrap();
        assert!(safe.vault.open(&owner("acme"), ("openai", "a"), &changed).await.is_err());
    }
}

#[tokio::test]
async fn the_same_secret_is_sealed_differently_each_time_and_is_in_no_document() {
    let safe = Safe::new().await;
    let key = safe.new_data_key(&owner("acme")).await;
    let (acme, secret) = (owner("acme"), secret());
    let seal = || safe.vault.seal(&acme, ("openai", "a"), &secret);
    let (one, two) = (seal().await.unwrap(), seal().await.unwrap());
    assert_ne!(one, two);
    let shown = format!(
        "{one:?} {secret:?} {:?} {key:?} {}",
        safe.vault,
        serde_json::to_string(&one).unwrap()
    );
    assert!(!shown.contains("sk-live"), "{shown}");
    let stored = fs::read(safe.folder.path().join("store.db")).unwrap();
    assert!(!stored.windows(SECRET.len()).any(|window| window == SECRET));
}

#[tokio::test]
async fn without_a_data_key_nothing_is_sealed() {
    let safe = Safe::new().await;
    assert!(safe.vault.seal(&owner("acme"), ("openai", "a"), &secret()).await.is_err());
}

#[tokio::test]
async fn a_new_data_key_seals_from_then_on_and_the_old_one_still_opens() {
    let safe = Safe::new().await;
    let acme = owner("acme");
    assert_eq!(safe.new_data_key(&acme).await.key_version, 1);
    let old = safe.vault.seal(&acme, ("openai", "a"), &secret()).await.unwrap();
    assert_eq!(safe.new_data_key(&acme).await.key_version, 2);
    let new = safe.vault.seal(&acme, ("openai", "a"), &secret()).await.unwrap();
    assert_eq!((old.key_version, new.key_version), (1, 2));
    for sealed in [old, new] {
        let opened = safe.again().open(&acme, ("openai", "a"), &sealed).await.unwrap();
        assert_eq!(opened, secret());
    }
}

#[tokio::test]
async fn of_two_that_make_the_same_version_one_wins() {
    let safe = Safe::new().await;
    let (one, two) = (
        safe.vault.new_data_key(&Owner::System).await,
        safe.vault.new_data_key(&Owner::System).await,
    );
    safe.store.commit(vec![one.unwrap().1]).await.unwrap();
    safe.store.commit(vec![two.unwrap().1]).await.unwrap_err();
}

#[tokio::test]
async fn a_wrapped_key_that_was_moved_to_another_owner_does_not_unwrap() {
    let safe = Safe::new().await;
    for slug in ["acme", "other"] {
        safe.new_data_key(&owner(slug)).await;
    }
    let sealed = safe.vault.seal(&owner("acme"), ("openai", "a"), &secret()).await.unwrap();
    let now = convergence::clock::Clock::now(&*safe.clock);
    let of = |slug| DataKey::key(&owner(slug), 1);
    let mut acme = safe.store.find::<DataKey>(&of("acme"), now).await.unwrap().unwrap();
    let other = safe.store.find::<DataKey>(&of("other"), now).await.unwrap().unwrap();
    acme.value.wrapped = other.value.wrapped;
    safe.store.commit(vec![acme.replace().unwrap()]).await.unwrap();
    assert!(safe.again().open(&owner("acme"), ("openai", "a"), &sealed).await.is_err());
}

#[tokio::test]
async fn a_higher_version_in_the_key_file_wraps_and_the_lower_still_unwraps() {
    let safe = Safe::new().await;
    let path = safe.folder.path().join("kms.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let open = || FileKms::open(&path, false, safe.ids.clone());
    let old = open().unwrap().wrap(&secret(), b"x").await.unwrap();
    let first = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{first}\n2:{}\n", "ab".repeat(32))).unwrap();
    let kms = open().unwrap();
    assert_eq!(kms.wrap(&secret(), b"x").await.unwrap().version, "2");
    assert_eq!(kms.unwrap(&old, b"x").await.unwrap(), secret());
    assert!(kms.unwrap(&old, b"y").await.is_err());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(open().unwrap_err().to_string().contains("chmod 600"));
}

#[test]
fn a_key_file_that_is_none_is_refused_without_showing_it() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Arc<dyn Ids> = Arc::new(TestIds::new(Arc::new(TestClock::default())));
    for text in ["", "1:abcd", "one:00", &format!("1:{}", "zz".repeat(32))] {
        let path = folder.path().join("kms.key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let error = FileKms::open(&path, false, ids.clone()).unwrap_err();
        assert!(text.is_empty() || !format!("{error:#}").contains(text));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn every_secret_comes_back_as_it_was(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let safe = Safe::new().await;
            safe.new_data_key(&Owner::System).await;
            let secret = Secret::new(bytes);
            let sealed = safe.vault.seal(&Owner::System, ("a", "b"), &secret).await.unwrap();
            let sealed = serde_json::from_value(serde_json::to_value(&sealed).unwrap()).unwrap();
            let opened = safe.again().open(&Owner::System, ("a", "b"), &sealed).await.unwrap();
            prop_assert_eq!(opened, secret);
            Ok(())
        })?;
    }
}
