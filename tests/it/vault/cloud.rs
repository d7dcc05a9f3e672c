//! Cloud KMS, as far as its stand-in is true to it.

use std::{collections::BTreeMap, sync::Arc};

use convergence::{
    settings::Settings,
    testing::kms_suite,
    vault::{CloudKms, Kms as _, KmsError},
};
use integration_tests::{
    faults::{Fault, Faults, hurried},
    kms::{Damage, Kms},
};

use super::world::secret;

/// The key of a name, at a service.
fn cloud(key: &str, host: &str) -> anyhow::Result<CloudKms> {
    let variables =
        [("KMS_URL", format!("gcpkms://{key}")), ("KMS_EMULATOR_HOST", host.to_owned())];
    let variables: BTreeMap<_, _> = variables.map(|(name, value)| (name.to_owned(), value)).into();
    let url = Settings::read("convergence", &variables)?.backends.kms;
    CloudKms::new(&url, hurried().access(&url))
}

/// What whoever runs the deployment gets to read; fails unless the same call may work later.
fn advice(error: KmsError) -> String {
    match error {
        KmsError::Unavailable(cause) => format!("{cause:#}"),
        KmsError::Refused(cause) => panic!("refused for good: {cause:#}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cloud_kms_does_what_every_kms_does() {
    let kms = Kms::start().await;
    kms_suite(Arc::new(cloud(&kms.key(), kms.host()).unwrap())).await.unwrap();
}

#[tokio::test]
async fn a_new_version_wraps_and_those_before_still_unwrap() {
    let kms = Kms::start().await;
    let cloud = cloud(&kms.key(), kms.host()).unwrap();
    let old = cloud.wrap(&secret(), b"acme").await.unwrap();
    kms.rotate();
    let new = cloud.wrap(&secret(), b"acme").await.unwrap();
    assert_eq!((old.version.as_str(), new.version.as_str()), ("1", "2"));
    for wrapped in [&old, &new] {
        assert_eq!(cloud.unwrap(wrapped, b"acme").await.unwrap(), secret());
    }
    kms.disable(1);
    let said = advice(cloud.unwrap(&old, b"acme").await.unwrap_err());
    assert!(said.contains("is disabled or destroyed: enable or restore it"), "{said}");
    assert_eq!(cloud.unwrap(&new, b"acme").await.unwrap(), secret());
    kms.enable(1);
    assert_eq!(cloud.unwrap(&old, b"acme").await.unwrap(), secret());
}

#[tokio::test]
async fn what_is_damaged_on_its_way_is_found() {
    let kms = Kms::start().await;
    let cloud = cloud(&kms.key(), kms.host()).unwrap();
    let wrapped = cloud.wrap(&secret(), b"acme").await.unwrap();
    for damage in [Damage::Bit, Damage::Unverified] {
        kms.damage(damage);
        let said = advice(cloud.wrap(&secret(), b"acme").await.unwrap_err());
        assert!(said.contains("encrypted was damaged on its way"), "{damage:?}: {said}");
    }
    kms.damage(Damage::Bit);
    let said = advice(cloud.unwrap(&wrapped, b"acme").await.unwrap_err());
    assert!(said.contains("decrypted was damaged on its way"), "{said}");
    kms.damage(Damage::None);
    assert_eq!(cloud.unwrap(&wrapped, b"acme").await.unwrap(), secret());
}

#[tokio::test]
async fn a_key_that_is_not_ours_says_what_to_see_to() {
    let kms = Kms::start().await;
    let other = "projects/other/locations/us/keyRings/ring/cryptoKeys/key";
    let absent = cloud(other, kms.host()).unwrap().wrap(&secret(), b"acme").await;
    let said = advice(absent.unwrap_err());
    assert!(said.contains(other) && said.contains("is KMS_URL of another project"), "{said}");
    let proxy = Faults::before(kms.host()).await;
    proxy.always("", Fault::DENIED);
    let denied = cloud(&kms.key(), proxy.host()).unwrap().wrap(&secret(), b"acme").await;
    let said = advice(denied.unwrap_err());
    assert!(said.contains("roles/cloudkms.cryptoKeyEncrypterDecrypter"), "{said}");
    assert_eq!(proxy.calls().len(), 1, "a refusal is not tried again");
}

#[tokio::test]
async fn one_call_that_fails_is_made_again() {
    let kms = Kms::start().await;
    let proxy = Faults::before(kms.host()).await;
    let cloud = cloud(&kms.key(), proxy.host()).unwrap();
    for fault in [Fault::THROTTLED, Fault::UNAVAILABLE, Fault::Lost] {
        proxy.nth(":encrypt", 0, fault);
        let wrapped = cloud.wrap(&secret(), b"acme").await.unwrap();
        proxy.nth(":decrypt", 0, fault);
        assert_eq!(cloud.unwrap(&wrapped, b"acme").await.unwrap(), secret());
        assert_eq!((proxy.injected(), proxy.calls().len()), (2, 4), "{fault:?}");
        proxy.clear();
    }
}

#[tokio::test]
async fn calls_that_all_fail_end_with_a_clear_error() {
    let kms = Kms::start().await;
    let proxy = Faults::before(kms.host()).await;
    let cloud = cloud(&kms.key(), proxy.host()).unwrap();
    let wrapped = cloud.wrap(&secret(), b"acme").await.unwrap();
    for fault in [Fault::THROTTLED, Fault::UNAVAILABLE] {
        proxy.clear();
        proxy.always("", fault);
        let (wrap, unwrap) = (
            advice(cloud.wrap(&secret(), b"x").await.unwrap_err()),
            advice(cloud.unwrap(&wrapped, b"acme").await.unwrap_err()),
        );
        for said in [wrap, unwrap] {
            assert!(said.contains("Cloud KMS does not answer"), "{said}");
            assert!(!said.contains("sk-live"), "{said}");
        }
    }
}

#[test]
fn a_url_that_names_no_key_is_refused_by_its_setting() {
    for key in
        ["", "key", "projects/p/locations/l/keyRings/r/cryptoKeys/", "projects/p/x/l/y/r/z/k"]
    {
        let error = cloud(key, "127.0.0.1:1").unwrap_err().to_string();
        assert!(error.starts_with("KMS_URL: "), "{error}");
    }
}
