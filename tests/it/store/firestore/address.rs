//! What names a database.

use super::world::open;

#[test]
fn a_url_names_a_project_and_a_database() {
    for url in ["firestore://demo-1/(default)", "firestore://example.com:demo/convergence"] {
        open(url, "127.0.0.1:9").unwrap();
    }
    for url in [
        "firestore:",
        "firestore://",
        "firestore://demo",
        "firestore://demo/",
        "firestore:///(default)",
        "firestore:demo/(default)",
        "firestore://demo/(default)/runs",
        "firestore://demo/a b",
        "firestore://demo/(other)",
    ] {
        let refused = open(url, "127.0.0.1:9").unwrap_err().to_string();
        assert!(refused.starts_with(&format!("STORE_URL: `{url}` is not")), "{refused}");
    }
}

#[test]
fn a_store_says_which_database_it_is_and_nothing_else() {
    let store = open("firestore://demo/(default)", "127.0.0.1:9").unwrap();
    insta::assert_compact_debug_snapshot!(store, @r#"FirestoreStore { database: Database { path: "projects/demo/databases/(default)" }, .. }"#);
}
