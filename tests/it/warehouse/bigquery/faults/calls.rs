//! Every call that the backend makes, by the methods of Google's clients, read from its sources.

use std::{collections::BTreeSet, fs, path::Path};

/// The methods, and what goes over the wire: `*` is one part of a path.
pub(super) const CALLS: [(&str, &str); 17] = [
    ("cancel_job", "POST /bigquery/v2/projects/*/jobs/*/cancel"),
    (
        "create_read_session",
        "POST /google.cloud.bigquery.storage.v1.BigQueryRead/CreateReadSession",
    ),
    ("create_stream", "POST /google.cloud.bigquery.storage.v1.BigQueryWrite/CreateWriteStream"),
    ("delete_dataset", "DELETE /bigquery/v2/projects/*/datasets/*"),
    ("delete_table", "DELETE /bigquery/v2/projects/*/datasets/*/tables/*"),
    ("get_dataset", "GET /bigquery/v2/projects/*/datasets/*"),
    ("get_job", "GET /bigquery/v2/projects/*/jobs/*"),
    ("get_query_results", "GET /bigquery/v2/projects/*/queries/*"),
    ("get_table", "GET /bigquery/v2/projects/*/datasets/*/tables/*"),
    ("insert_dataset", "POST /bigquery/v2/projects/*/datasets"),
    ("insert_job", "POST /bigquery/v2/projects/*/jobs"),
    ("insert_table", "POST /bigquery/v2/projects/*/datasets/*/tables"),
    ("list_datasets", "GET /bigquery/v2/projects/*/datasets"),
    ("list_tables", "GET /bigquery/v2/projects/*/datasets/*/tables"),
    ("open_default_stream", "POST /google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows"),
    ("patch_table", "PATCH /bigquery/v2/projects/*/datasets/*/tables/*"),
    ("read_rows", "POST /google.cloud.bigquery.storage.v1.BigQueryRead/ReadRows"),
];

/// A method that takes up a stream of rows again, which calls what opening one does.
const AGAIN: &str = "attach_to_stream";

/// What the methods of clients begin with.
const VERBS: [&str; 9] =
    ["attach_", "cancel_", "create_", "delete_", "get_", "insert_", "list_", "open_", "patch_"];

/// Whether a call is one of these.
pub(super) fn is(call: &str, pattern: &str) -> bool {
    let (call, pattern) = (call.split('/'), pattern.split('/'));
    call.clone().count() == pattern.clone().count()
        && call.zip(pattern).all(|(part, wanted)| wanted == "*" || part == wanted)
}

/// The methods of clients that a source calls; those of `self` are its own.
fn methods(source: &str) -> BTreeSet<String> {
    let parts: Vec<_> = source.split('.').collect();
    let calls = parts.windows(2).filter(|pair| !pair[0].trim_end().ends_with("self"));
    let names = calls.map(|pair| pair[1].split(['(', ':']).next().unwrap_or_default());
    let ours = |name: &&str| {
        *name == "read_rows"
            || (VERBS.iter().any(|verb| name.starts_with(verb))
                && !name.starts_with("get_or_")
                && *name != "get_days")
    };
    names.filter(ours).map(str::to_owned).collect()
}

#[test]
fn every_call_of_the_sources_is_one_that_is_tried() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src/warehouse/bigquery");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let source = fs::read_to_string(entry.unwrap().path()).unwrap();
        found.extend(methods(&source));
    }
    let known: BTreeSet<String> = CALLS.iter().map(|(method, _)| (*method).to_owned()).collect();
    assert!(found.remove(AGAIN));
    assert_eq!(found, known, "each needs an operation in `operation`");
}
