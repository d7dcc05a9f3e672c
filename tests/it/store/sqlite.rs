//! What SQLite does beside what every store does.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use convergence::{
    org::OrgSlug,
    store::{
        Collection, Document, Key, List, Owner, PageRequest, Store as _, StoreError, Version,
        Write, sqlite::SqliteStore,
    },
    testing::store_suite,
};
use jiff::Timestamp;
use serde_json::json;

fn open(folder: &Path) -> anyhow::Result<SqliteStore> {
    SqliteStore::open(&folder.join("deep").join("store.db"))
}

fn document(n: usize) -> Document {
    Document { body: json!(n), ..Document::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    store_suite(Arc::new(open(folder.path()).unwrap())).await.unwrap();
}

#[tokio::test]
async fn documents_and_versions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let key = Key::system(Collection::Leases, "sweep");
    let store = open(folder.path()).unwrap();
    let first =
        store.commit(vec![Write::Create(key.clone(), document(1))]).await.unwrap().remove(0);
    drop(store);
    let store = open(folder.path()).unwrap();
    let stored = store.get(&key).await.unwrap().unwrap();
    assert_eq!((stored.document, &stored.version), (document(1), &first));
    // A version of the time before is never given again.
    store.commit(vec![Write::Delete(key.clone(), first.clone())]).await.unwrap();
    let again = store.commit(vec![Write::Create(key.clone(), document(1))]).await.unwrap();
    assert_ne!(again[0], first);
}

#[test]
fn a_second_opener_is_told_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let refused = open(folder.path()).unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    assert!(refused.contains("store.db"), "{refused}");
    drop(store);
    open(folder.path()).unwrap();
}

#[test]
fn a_file_that_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    std::fs::write(&path, "not a database ".repeat(500)).unwrap();
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(format!("{refused:#}").contains("store.db"), "{refused:#}");
}

#[tokio::test]
async fn versions_of_other_backends_conflict() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let key = Key::system(Collection::Leases, "sweep");
    store.commit(vec![Write::Create(key.clone(), document(1))]).await.unwrap();
    for version in ["", "1x", "-1", "2026-01-01T00:00:00Z", "99999999999999999999"] {
        let write = Write::Delete(key.clone(), Version(version.to_owned()));
        let refused = store.commit(vec![write]).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{version}: {refused:?}");
    }
}

#[test]
fn what_is_in_the_files_is_for_their_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let _store = open(folder.path()).unwrap();
    let files: Vec<_> = fs::read_dir(folder.path().join("deep")).unwrap().flatten().collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file:?} has mode {mode:o}");
    }
}

#[test]
fn a_file_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let path = folder.path().join("deep").join("store.db");
    // Bytes 60 to 63 of a SQLite file are its user version.
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[60..64], [0, 0, 0, 1]);
    bytes[63] = 2;
    fs::write(&path, bytes).unwrap();
    let refused = format!("{:#}", open(folder.path()).unwrap_err());
    assert!(refused.contains("store.db") && refused.contains("newer program"), "{refused}");
}

/// Documents of many organizations under one owner, as keys are.
async fn crowd(store: &SqliteStore, documents: usize) {
    let create = |n: usize| {
        let filters = [("org", format!("org_{}", n % (documents / 10)))].into();
        let key = Key::system(Collection::Keys, format!("{n:08}"));
        Write::Create(key, Document { filters, ..document(n) })
    };
    store.commit((0..documents).map(create).collect()).await.unwrap();
}

fn of_org(org: &str) -> List {
    List {
        collection: Collection::Keys,
        owner: Some(Owner::System),
        filters: vec![("org", org.to_owned())],
        page: PageRequest { limit: 3, after: None },
    }
}

#[tokio::test]
async fn a_filtered_list_is_the_newest_of_what_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    crowd(&store, 200).await;
    let page = store.list(&of_org("org_7")).await.unwrap();
    let ids: Vec<_> = page.items.iter().map(|stored| stored.key.id.as_str()).collect();
    assert_eq!(ids, ["00000187", "00000167", "00000147"]);
    let everybody = List { owner: None, ..of_org("org_7") };
    assert_eq!(store.list(&everybody).await.unwrap().items, page.items);
}

/// However much there is: no list walks what is not asked for, and none is sorted afterwards.
#[tokio::test]
async fn every_list_is_read_along_an_index_in_its_order() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let after = Some("00000001\u{1f}-".to_owned());
    let keys = of_org("org_7");
    let filters = vec![("status", "FAILED".to_owned()), ("parent", "-".to_owned())];
    let owner = Some(Owner::Org(OrgSlug::parse("acme").unwrap()));
    let runs = List { collection: Collection::Runs, owner, filters, ..keys.clone() };
    let all = List { filters: Vec::new(), ..keys.clone() };
    for list in [keys, runs, all] {
        let everybody = List { owner: None, ..list.clone() };
        for list in [list, everybody] {
            let next = PageRequest { limit: 3, after: after.clone() };
            for list in [List { page: next, ..list.clone() }, list] {
                let plan = store.explain(&list).await.unwrap();
                let step = |step: &String| {
                    step.starts_with("SEARCH ") || step.starts_with("CORRELATED SCALAR SUBQUERY")
                };
                assert!(!plan.is_empty() && plan.iter().all(step), "{list:?}: {plan:#?}");
            }
        }
    }
}

#[tokio::test]
async fn a_made_up_cursor_is_the_mistake_of_who_made_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    for made_up in ["", "abc", "x\u{1f}y", "1"] {
        let page = PageRequest { limit: 1, after: Some(made_up.to_owned()) };
        let due = store.due(Collection::Runs, Timestamp::UNIX_EPOCH, &page).await;
        assert!(matches!(due, Err(StoreError::Cursor)), "{made_up}: {due:?}");
        let org = OrgSlug::parse("acme").unwrap();
        let owner = Some(Owner::Org(org));
        let query = List { collection: Collection::Runs, owner, filters: Vec::new(), page };
        let listed = store.list(&query).await;
        let parts = made_up.contains('\u{1f}');
        assert!(parts || matches!(listed, Err(StoreError::Cursor)), "{made_up}: {listed:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_read_whatever_is_being_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(folder.path()).unwrap());
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..50 {
                    let key = Key::system(Collection::Leases, format!("{writer}-{n}"));
                    let write = Write::Create(key.clone(), document(n));
                    let version = store.commit(vec![write]).await.unwrap().remove(0);
                    let stored = store.get(&key).await.unwrap().unwrap();
                    assert_eq!((stored.version, stored.document), (version, document(n)));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}
