//! Sealing and opening.

use std::fs;

use convergence::{
    store::{Owner, StoreExt as _},
    vault::{DataKey, Sealed, Secret},
};
use proptest::prelude::*;

use super::world::{SECRET, Safe, owner, secret};

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
