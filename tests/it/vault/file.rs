//! The embedded KMS: a key file.

use std::{fs, os::unix::fs::PermissionsExt as _, sync::Arc};

use convergence::{
    ids::Ids,
    testing::kms_suite,
    vault::{FileKms, Kms as _},
};
use integration_tests::{TestClock, TestIds};

use super::world::{Safe, secret};

#[tokio::test]
async fn a_key_file_does_what_every_kms_does() {
    let safe = Safe::new().await;
    let path = safe.folder.path().join("kms.key");
    kms_suite(Arc::new(FileKms::open(&path, false, safe.ids.clone()).unwrap())).await.unwrap();
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
