//! Files in a folder.

use std::sync::Arc;

use bytes::Bytes;
use convergence::{
    files::{Files, FilesError, Folder, Sha256},
    org::OrgSlug,
    testing::files_suite,
};
use integration_tests::{TestClock, TestIds};
use proptest::prelude::*;

/// Of the three bytes `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn folder() -> (tempfile::TempDir, Folder) {
    let root = tempfile::tempdir().unwrap();
    let ids = Arc::new(TestIds::new(Arc::<TestClock>::default()));
    let folder = Folder::open(&root.path().join("files"), ids).unwrap();
    (root, folder)
}

fn org(slug: &str) -> OrgSlug {
    OrgSlug::parse(slug).unwrap()
}

fn names(root: &tempfile::TempDir) -> Vec<String> {
    let mut names = Vec::new();
    for entry in walk(&root.path().join("files")) {
        names.push(entry.strip_prefix(root.path()).unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    names
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn the_folder_does_what_every_place_for_files_does() {
    let (root, files) = folder();
    files_suite(Arc::new(files)).await.unwrap();
    assert!(names(&root).iter().all(|name| !name.contains(".incoming")), "{:?}", names(&root));
}

#[tokio::test]
async fn a_file_is_kept_under_the_hash_of_its_bytes() {
    let (root, files) = folder();
    let mut incoming = files.begin(&org("Acme")).await.unwrap();
    incoming.write(Bytes::from_static(b"a")).await.unwrap();
    incoming.write(Bytes::from_static(b"bc")).await.unwrap();
    let kept = incoming.keep().await.unwrap();
    assert_eq!((kept.sha256.as_str(), kept.bytes), (ABC, 3));
    let file = files.local(&org("acme"), &kept.sha256).await.unwrap().unwrap();
    assert_eq!(std::fs::read(file.path()).unwrap(), b"abc");
    assert_eq!(names(&root), [format!("files/acme/{ABC}")]);
    assert!(files.local(&org("other"), &kept.sha256).await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_not_whole_is_never_seen_and_leaves_nothing() {
    let (root, files) = folder();
    let mut incoming = files.begin(&org("acme")).await.unwrap();
    incoming.write(Bytes::from_static(b"abc")).await.unwrap();
    let sha256 = Sha256::parse(ABC).unwrap();
    assert!(files.local(&org("acme"), &sha256).await.unwrap().is_none());
    drop(incoming);
    assert_eq!(names(&root), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_crash_left_is_gone_after_the_next_start() {
    let (root, files) = folder();
    let incoming = files.begin(&org("acme")).await.unwrap();
    std::mem::forget(incoming);
    assert_eq!(names(&root).len(), 1);
    let ids = Arc::new(TestIds::new(Arc::<TestClock>::default()));
    Folder::open(&root.path().join("files"), ids).unwrap();
    assert_eq!(names(&root), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_bytes_twice_are_one_file() {
    let (root, files) = folder();
    let path = root.path().join("abc.csv");
    std::fs::write(&path, b"abc").unwrap();
    let acme = org("acme");
    let (first, second) = tokio::join!(files.keep(&acme, &path), files.keep(&acme, &path));
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(names(&root), [format!("files/acme/{ABC}")]);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_so() {
    let (root, files) = folder();
    let error = files.keep(&org("acme"), &root.path().join("nothing")).await.unwrap_err();
    assert!(matches!(error, FilesError::Unreadable(..)), "{error}");
}

proptest! {
    #[test]
    fn no_text_but_a_hash_names_a_file(text in ".{0,80}") {
        prop_assert!(Sha256::parse(&text).is_none_or(|sha256| sha256.as_str().len() == 64));
    }

    #[test]
    fn no_path_is_a_hash(text in "[a-f0-9]{0,62}(/|\\.\\.|\\\\|%2f)[a-f0-9]{0,62}") {
        prop_assert_eq!(Sha256::parse(&text), None);
    }
}
