//! Files in a bucket.

use std::{path::PathBuf, sync::Arc};

use convergence::{
    files::{Files, FilesError, Sha256},
    testing::files_suite,
};
use integration_tests::emulators;

use super::{
    refusals::said,
    world::{Place, bucket, org},
};

/// Of the three bytes `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async fn place() -> Option<Place> {
    let storage = emulators::needed(emulators::storage().await)?;
    Some(Place::new(storage.host()).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bucket_does_what_every_place_for_files_does() {
    let Some(place) = place().await else { return };
    files_suite(Arc::new(place.files())).await.unwrap();
    let names = place.names().await;
    assert!(names.iter().all(|name| name.starts_with("files/")), "{names:?}");
}

#[tokio::test]
async fn objects_are_named_by_prefix_organization_and_hash() {
    let Some(place) = place().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("abc.csv");
    std::fs::write(&path, b"abc").unwrap();
    for prefix in ["", "eu/west/"] {
        let files = place.files_below(prefix);
        files.keep(&org("Acme"), &path).await.unwrap();
    }
    let expected = [format!("eu/west/files/acme/{ABC}"), format!("files/acme/{ABC}")];
    assert_eq!(place.names().await, expected);
}

#[tokio::test]
async fn a_copy_on_this_machine_goes_with_the_last_who_holds_it() {
    let Some(place) = place().await else { return };
    place.put(&format!("files/acme/{ABC}"), b"abc").await;
    let file = place.files().local(&org("acme"), &abc()).await.unwrap().unwrap();
    let (path, other): (PathBuf, _) = (file.path().to_owned(), file.clone());
    drop(file);
    assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    drop(other);
    assert!(!path.exists());
}

#[tokio::test]
async fn bytes_that_are_not_those_of_their_name_are_refused() {
    let Some(place) = place().await else { return };
    place.put(&format!("files/acme/{ABC}"), b"abd").await;
    let error = place.files().local(&org("acme"), &abc()).await.unwrap_err();
    assert!(matches!(error, FilesError::Unavailable(_)));
    assert!(said(&error).contains(&format!("{ABC} holds ")), "{}", said(&error));
}

#[test]
fn a_url_that_names_no_bucket_is_refused_by_its_setting() {
    for url in ["gs:bucket", "gs://", "gs:///folder", "gs://bucket//folder"] {
        let error = bucket(url, "127.0.0.1:1").unwrap_err().to_string();
        assert!(error.starts_with("FILES_URL: "), "{error}");
    }
}

fn abc() -> Sha256 {
    Sha256::parse(ABC).unwrap()
}
