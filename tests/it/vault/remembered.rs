//! Data keys in memory: asked for once, for a few minutes, and failures not at all.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    settings::Settings,
    store::Owner,
    vault::{CloudKms, Vault},
};
use integration_tests::{
    faults::{Fault, Faults, hurried},
    kms::Kms,
};
use jiff::SignedDuration;

use super::world::{Safe, secret};

const OF: (&str, &str) = ("openai", "default");

/// A vault over Cloud KMS's stand-in, with a proxy before it.
async fn vault(safe: &Safe) -> (Vault, Faults, Kms) {
    let kms = Kms::start().await;
    let proxy = Faults::before(kms.host()).await;
    let mut variables = BTreeMap::from(kms.settings());
    variables.insert("KMS_EMULATOR_HOST".to_owned(), proxy.host().to_owned());
    let url = Settings::read("convergence", &variables).unwrap().backends.kms;
    let cloud = CloudKms::new(&url, hurried().access(&url)).unwrap();
    let vault =
        Vault::new(Arc::new(cloud), safe.store.clone(), safe.clock.clone(), safe.ids.clone());
    let (_, write) = vault.new_data_key(&Owner::System).await.unwrap();
    safe.store.commit(vec![write]).await.unwrap();
    proxy.clear();
    (vault, proxy, kms)
}

#[tokio::test]
async fn the_kms_is_asked_once_in_a_few_minutes() {
    let safe = Safe::new().await;
    let (vault, proxy, _kms) = vault(&safe).await;
    let sealed = vault.seal(&Owner::System, OF, &secret()).await.unwrap();
    for _ in 0..3 {
        vault.open(&Owner::System, OF, &sealed).await.unwrap();
    }
    safe.clock.advance(SignedDuration::from_secs(299));
    vault.open(&Owner::System, OF, &sealed).await.unwrap();
    assert_eq!(proxy.calls().len(), 1);
    safe.clock.advance(SignedDuration::from_secs(1));
    vault.open(&Owner::System, OF, &sealed).await.unwrap();
    assert_eq!(proxy.calls().len(), 2);
}

#[tokio::test]
async fn however_many_need_a_key_at_once_the_kms_is_asked_once() {
    let safe = Safe::new().await;
    let (vault, proxy, _kms) = vault(&safe).await;
    let secret = secret();
    let seal = || vault.seal(&Owner::System, OF, &secret);
    let sealed = futures::future::join_all((0..32).map(|_| seal())).await;
    assert!(sealed.iter().all(Result::is_ok));
    assert_eq!(proxy.calls().len(), 1);
}

#[tokio::test]
async fn a_failure_is_told_to_be_one_of_now_and_not_remembered() {
    let safe = Safe::new().await;
    let (vault, proxy, _kms) = vault(&safe).await;
    proxy.always("", Fault::UNAVAILABLE);
    let error = vault.seal(&Owner::System, OF, &secret()).await.unwrap_err();
    let said = error.to_string();
    assert!(matches!(error, convergence::Error::Unavailable { .. }), "{error:?}");
    assert_eq!(said, "the key service cannot be used now");
    proxy.clear();
    vault.seal(&Owner::System, OF, &secret()).await.unwrap();
}
